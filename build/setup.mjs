/**
 * Brings everything the lab needs onto this machine. Every step looks first whether it was done, so a second run
 * is quick and one that was interrupted goes on where it stopped.
 */
import { pathToFileURL } from 'node:url'
import { cacheFolder, checkout, requireSupportedNode } from './machine.mjs'
import { runProgram } from './progress.mjs'
import { prepareTensorFlow } from './tensorflow.mjs'

export async function setUp() {
  requireSupportedNode()
  const cache = cacheFolder()
  await prepareTensorFlow(checkout, cache)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runProgram(setUp)
