/**
 * Brings everything the lab needs onto this machine. Every step looks first whether it was done, so a second run
 * is quick and one that was interrupted goes on where it stopped.
 */
import { pathToFileURL } from 'node:url'
import { bundlePage, bundlePrograms } from './bundle.mjs'
import { prepareElectron, upgradeElectron } from './electron.mjs'
import { cacheFolder, checkout, requireSupportedNode } from './machine.mjs'
import { preparePackages } from './packages.mjs'
import { runProgram } from './progress.mjs'
import { prepareTensorFlow } from './tensorflow.mjs'

/** All that training and the terminal need. */
export async function setUpLab() {
  await setUpMachine()
  await bundlePrograms(checkout)
}

/** The lab, and its page for a browser. */
export async function setUpPage() {
  await setUpLab()
  await bundlePage(checkout)
}

/**
 * The lab, its page, and the window's program.
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
}

/** Asked for by name, set-up also tries again to get the current Electron in place of the old one. */
async function main() {
  await setUpMachine()
  await upgradeElectron(checkout, cacheFolder())
  await setUpPage()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runProgram(main)
