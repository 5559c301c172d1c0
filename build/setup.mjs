/**
 * Installs everything the lab needs on this machine. Each step first checks whether it is complete, so a second run is
 * fast and an interrupted one continues where it stopped.
 */
import { pathToFileURL } from 'node:url'
import { prepareBackbones } from './backbones.mjs'
import { bundlePage, bundlePrograms } from './bundle.mjs'
import { prepareElectron, upgradeElectron } from './electron.mjs'
import { cacheFolder, checkout, requireSupportedNode } from './machine.mjs'
import { preparePackages } from './packages.mjs'
import { runProgram } from './progress.mjs'
import { prepareTensorFlow } from './tensorflow.mjs'

/** Sets up what training and the terminal need. */
export async function setUpLab() {
  await setUpMachine()
  await bundlePrograms(checkout)
}

/** Sets up the lab and its page for a browser. */
export async function setUpPage() {
  await setUpLab()
  await bundlePage(checkout)
}

/**
 * Sets up the lab, its page, and Electron for the window.
 * @returns {Promise<import('./electron.mjs').Electron | null>}
 */
export async function setUpWindow() {
  await setUpMachine()
  const electron = await prepareElectron(checkout, cacheFolder())
  await setUpPage()
  return electron
}

async function setUpMachine() {
  requireSupportedNode()
  await preparePackages(checkout)
  await prepareTensorFlow(checkout, cacheFolder())
  await prepareBackbones(checkout, cacheFolder())
}

/** Started explicitly, set-up also tries again to replace the old Electron by the current one. */
async function main() {
  await setUpMachine()
  await upgradeElectron(checkout, cacheFolder())
  await setUpPage()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runProgram(main)
