#!/usr/bin/env node
/** `npm run -s lab -- COMMAND`: runs the terminal program after the necessary set-up; `doctor` needs none. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { doctor } from './doctor.mjs'
import { cacheFolder, checkout, goWhereTyped } from './machine.mjs'
import { findPeer } from './peer.mjs'
import { runProgram } from './progress.mjs'
import { setUpLab, setUpPage } from './setup.mjs'

async function main() {
  const args = process.argv.slice(2)
  const command = commandOf(args)
  if (command === 'doctor') return doctor(args)
  await (command === 'serve' ? setUpPage() : setUpLab())
  goWhereTyped()
  const peer = findPeer(cacheFolder())
  if (peer) process.env.DALAB_PEER = peer
  createRequire(import.meta.url)(join(checkout, 'dist', 'cli.cjs'))
}

/** The first word that is neither an option nor the value of an option before the command. */
function commandOf(args) {
  return args.find(
    (arg, index) => !arg.startsWith('-') && !['--lang', '--data-folder'].includes(args[index - 1]),
  )
}

await runProgram(main)
