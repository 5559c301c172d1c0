/** Before the tests that start the lab's programs: they are bundled from the sources as they are now, once for all files. */
import { bundlePage, bundlePrograms } from '../build/bundle.mjs'
import { checkout } from '../build/machine.mjs'

export default async function setup(): Promise<void> {
  await bundlePrograms(checkout)
  await bundlePage(checkout)
}
