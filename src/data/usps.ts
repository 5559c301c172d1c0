/** USPS: digits of handwritten zip codes, 16x16; the ink fills the frame (Hull 1994). */
import { join } from 'path'
import type { BuiltIn } from './built-in'
import { assetsFolder } from './bundled'

export const usps: BuiltIn = {
  id: 'usps',
  title: 'USPS',
  licence: 'Jonathan J. Hull, 1994; no licence stated',
  size: 16,
  digest: 'sha256',
  folder: () => join(assetsFolder(), 'usps'),
  train: {
    images: [
      'usps-train-images-idx3-ubyte.gz',
      '3368d385acf190467eb1c39de72de03f3f194d1d758164267a2e3db0c8af5f45',
    ],
    labels: [
      'usps-train-labels-idx1-ubyte.gz',
      '06ce6108314a40c8bbc59e4b699084a787023c15ddbf785bb8fe18d05671f1ce',
    ],
    counts: [1194, 1005, 731, 658, 652, 556, 664, 645, 542, 644],
  },
  test: {
    images: [
      'usps-test-images-idx3-ubyte.gz',
      'd3e680036927186720a6791211d0a7938b6f07f6739fb018352a445fdf88593e',
    ],
    labels: [
      'usps-test-labels-idx1-ubyte.gz',
      '4fd08c962dd005c8178aecb47457e078717298f57142b687728ce264d9640e5d',
    ],
    counts: [359, 264, 198, 166, 200, 160, 170, 147, 166, 177],
  },
}
