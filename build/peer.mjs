/** Installs PyTorch in a virtual environment of the cache; bench and the checkpoint tests compare the lab with it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cacheFolder, findPython, requireSupportedNode } from './machine.mjs'
import { MissingPart, runProgram, step } from './progress.mjs'
import { isComplete, markComplete } from './stamps.mjs'
import { sentence } from './words.mjs'

const requirements = ['torch==2.13.0', 'numpy', 'safetensors', 'pillow==13.0.0']
const key = requirements.join(' ')
const python = process.platform === 'win32' ? join('Scripts', 'python.exe') : join('bin', 'python')

/**
 * @param {string} cache
 * @returns {string | null} the Python that has PyTorch; null if it is not installed
 */
export function findPeer(cache) {
  const folder = join(cache, 'peer')
  return isComplete(folder, key) ? join(folder, python) : null
}

/** @returns {Promise<string>} like findPeer, but installs it if necessary */
export async function preparePeer(cache) {
  const found = findPeer(cache)
  if (found) return found
  const folder = join(cache, 'peer')
  const system = findPython()
  if (!system) throw new MissingPart('python-missing', { part: 'PyTorch' })
  await step('making-peer', {}, () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    run(system.command, ['-m', 'venv', folder])
    run(join(folder, python), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...requirements,
    ])
    markComplete(folder, key, ['pyvenv.cfg'])
  })
  return join(folder, python)
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status === 0) return
  throw new MissingPart('peer-not-made', {
    reason: stderr.trim().split('\n').at(-1) || sentence('no-reason'),
  })
}

async function main() {
  requireSupportedNode()
  console.log(await preparePeer(cacheFolder()))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runProgram(main)
