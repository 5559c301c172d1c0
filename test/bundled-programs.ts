/**
 * Global set-up for tests that start the lab's programs: bundles them from the current sources, once for all test
 * files.
 */
import { bundlePage, bundlePrograms } from '../build/bundle.mjs'
import { checkout } from '../build/machine.mjs'

export default async function setup(): Promise<void> {
  await bundlePrograms(checkout)
  await bundlePage(checkout)
}
