/** Fetches a pinned wheel through pip and refuses it if its hash is not the pinned one. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { findPython } from './machine.mjs'
import { MissingPart, say, step } from './progress.mjs'
import { removeLeftovers } from './stamps.mjs'
import { sentence } from './words.mjs'

/**
 * @param {import('./pins.mjs').Wheel} wheel
 * @param {string} cache folder of all downloads
 * @param {(wheel: import('./pins.mjs').Wheel, into: string) => Promise<void>} download
 * @returns {Promise<string>} path of the wheel, with its hash verified
 * @throws {MissingPart} if it cannot be downloaded, or its hash differs
 */
export async function fetchWheel(wheel, cache, download = downloadWithPip) {
  const folder = join(cache, 'wheels')
  const path = join(folder, wheel.file)
  mkdirSync(folder, { recursive: true })
  if (existsSync(path)) {
    if ((await sha256(path)) === wheel.sha256) return path
    say('wheel-damaged', { file: wheel.file })
    rmSync(path)
  }
  removeLeftovers(path)
  const temporary = `${path}.partial-${process.pid}`
  await step('fetching', wheel, () => download(wheel, temporary))
  const fetched = join(temporary, wheel.file)
  const found = existsSync(fetched) ? await sha256(fetched) : 'no file of that name'
  if (found !== wheel.sha256) {
    rmSync(temporary, { recursive: true, force: true })
    throw new MissingPart('wheel-wrong', { ...wheel, found, expected: wheel.sha256, folder })
  }
  renameSync(fetched, path)
  rmSync(temporary, { recursive: true, force: true })
  return path
}

/** @returns {Promise<string>} lower-case hexadecimal digest of a file */
export async function sha256(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/**
 * Unpacks parts of a wheel: every file whose name starts with one of the prefixes, which is replaced.
 * @param {string} wheel
 * @param {string} folder
 * @param {Record<string, string>} prefixes of names in the wheel, each with its replacement
 */
export function unpackWheel(wheel, folder, prefixes) {
  const script = fileURLToPath(new URL('unpack.py', import.meta.url))
  const { status, stderr } = spawnSync(requirePython(basename(wheel)).command, [script, wheel, folder], {
    input: JSON.stringify(prefixes),
    encoding: 'utf8',
  })
  if (status !== 0)
    throw new MissingPart('wheel-not-unpacked', { file: wheel, folder, reason: lastLine(stderr) })
}

async function downloadWithPip(wheel, into) {
  const python = requirePython(wheel.part)
  if (!python.pip) throw new MissingPart('pip-missing', { part: wheel.part, command: python.command })
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', ...wheel.pipArgs, '--dest', into]
  const { code, output } = await run(python.command, [
    ...args,
    '--disable-pip-version-check',
    wheel.requirement,
  ])
  if (code === 0) return
  rmSync(into, { recursive: true, force: true })
  throw new MissingPart('wheel-not-fetched', {
    ...wheel,
    reason: pipReason(output),
    folder: join(into, '..'),
  })
}

/** Shows pip's progress on our stderr; its errors are kept to explain a failure. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', process.stderr.fd, 'pipe'] })
    let output = ''
    child.stderr.on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

function requirePython(part) {
  const python = findPython()
  if (!python) throw new MissingPart('python-missing', { part })
  return python
}

function pipReason(output) {
  if (/NewConnectionError|ConnectTimeout|Name or service|Temporary failure|ProxyError/.test(output))
    return sentence('unreachable')
  return lastLine(output)
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) || sentence('no-reason')
}
