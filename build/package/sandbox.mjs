/** Check that no package of a current Electron turns off a part of its sandbox. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const options = ['--no-sandbox', '--disable-seccomp-filter-sandbox', '--disable-setuid-sandbox']
const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46])
/** Native programs are skipped: Electron's contains the names of all its options. */
const isNative = (bytes) => bytes.subarray(0, 4).equals(elf) || bytes.subarray(0, 2).toString() === 'MZ'

/**
 * @param {string} folder
 * @returns {string[]} files under it that contain such an option, without native programs
 */
export function namingSandboxOptions(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path)
      return !isNative(bytes) && options.some((option) => bytes.includes(option))
    })
}
