/**
 * A stamp marks a step as complete. It is written last, so an interrupted step has no stamp and is repeated; it lists
 * the resulting files with their sizes, so a truncated or missing file is detected.
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

const stampName = '.complete.json'

/**
 * @param {string} folder
 * @param {string} key identifies the inputs of the folder
 * @returns {boolean} whether the folder was completed from these inputs and no listed file is missing or changed in
 * size
 */
export function isComplete(folder, key) {
  let stamp
  try {
    stamp = JSON.parse(readFileSync(join(folder, stampName), 'utf8'))
  } catch {
    return false
  }
  if (stamp.key !== key) return false
  return Object.entries(stamp.files).every(
    ([file, size]) => statSync(join(folder, file), { throwIfNoEntry: false })?.size === size,
  )
}

/**
 * @param {string} folder
 * @param {string} key
 * @param {string[]} files to list in the stamp, relative to the folder
 */
export function markComplete(folder, key, files) {
  const sizes = Object.fromEntries(files.map((file) => [file, statSync(join(folder, file)).size]))
  const temporary = join(folder, `${stampName}.${process.pid}`)
  writeFileSync(temporary, JSON.stringify({ key, files: sizes }, null, 2))
  renameSync(temporary, join(folder, stampName))
}

/** Removes the stamp before a folder is changed in place. */
export function removeStamp(folder) {
  rmSync(join(folder, stampName), { force: true })
}

/**
 * Creates a folder atomically: it is filled under a temporary name and renamed when complete.
 * @param {string} folder
 * @param {string} key
 * @param {(temporary: string) => string[] | Promise<string[]>} fill returns the files to list in the stamp
 */
export async function makeFolder(folder, key, fill) {
  removeLeftovers(folder)
  const temporary = `${folder}.partial-${process.pid}`
  mkdirSync(temporary, { recursive: true })
  markComplete(temporary, key, await fill(temporary))
  rmSync(folder, { recursive: true, force: true })
  renameSync(temporary, folder)
}

/** Removes what interrupted attempts at this folder or file left behind; attempts still in progress are kept. */
export function removeLeftovers(path) {
  const parent = dirname(path)
  if (!existsSync(parent)) return
  const prefix = `${basename(path)}.partial-`
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(prefix)) continue
    const pid = Number(entry.slice(prefix.length))
    if (pid === process.pid || !isRunning(pid)) rmSync(join(parent, entry), { recursive: true, force: true })
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
