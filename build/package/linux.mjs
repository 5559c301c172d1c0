/** The lab's name and files on a Linux desktop. Every package ships the same desktop entry. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The name of the program, its package, its desktop entry, its icon and its file type. */
export const programName = 'domain-adaptation-lab'

/** @param {string} root folder of the checkout */
export function desktopFiles(root) {
  const folder = join(root, 'assets', 'linux')
  return {
    entry: join(folder, `${programName}.desktop`),
    types: join(folder, `${programName}.xml`),
    installer: join(folder, 'install-desktop'),
    appRun: join(folder, 'AppRun'),
    icons: join(root, 'assets', 'icons'),
  }
}

/**
 * @param {string} path of a desktop entry
 * @returns {Record<string, string>} its keys
 */
export function readEntry(path) {
  const lines = readFileSync(path, 'utf8').split('\n')
  return Object.fromEntries(
    lines.filter((line) => line.includes('=')).map((line) => /^([^=]+)=(.*)$/.exec(line)?.slice(1) ?? []),
  )
}
