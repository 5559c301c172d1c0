/** MNIST: handwritten digits, 28x28 (LeCun, Bottou, Bengio and Haffner 1998). */
import type { BuiltIn } from './built-in'
import { mnistFolder } from './bundled'

export const mnist: BuiltIn = {
  id: 'mnist',
  title: 'MNIST',
  licence: 'Yann LeCun, Corinna Cortes, Christopher Burges; CC BY-SA 3.0',
  size: 28,
  digest: 'md5',
  folder: mnistFolder,
  train: {
    images: ['train-images-idx3-ubyte', '6bbc9ace898e44ae57da46a324031adb'],
    labels: ['train-labels-idx1-ubyte', 'a25bea736e30d166cdddb491f175f624'],
    counts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
  },
  test: {
    images: ['t10k-images-idx3-ubyte', '2646ac647ad5339dbf082846283269ea'],
    labels: ['t10k-labels-idx1-ubyte', '27ae3e4e09519cfbb04c329615203637'],
    counts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  },
}
