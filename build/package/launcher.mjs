/**
 * Electron 9.4.1 is started by a script that adds the one option it needs and says so, and passes on no other: it would
 * open its inspector before the program runs. The current one is started by nothing (electron/release-words.ts).
 */
import { chmodSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { electronEnvironment, electronOptions } from '../electron.mjs'
import { programName } from './linux.mjs'

/**
 * @param {import('../electron.mjs').Electron} electron
 * @returns {string | null} the script; null where the program itself is started
 */
export function launcherFor(electron) {
  const options = electronOptions(electron, false).join(' ')
  if (options === '') return null
  const environment = Object.entries(electronEnvironment(electron)).map(([name, value]) => `${name}=${value}`)
  return `#!/bin/sh
echo "Electron ${electron.version} (old, in place of the current one) is started with ${options}." >&2
after=
for word do
  shift
  case "$after$word" in
    --) after=. ;;
    -*) echo "$word is not heeded." >&2 ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec env ${environment.join(' ')} "$(dirname "$(readlink -f "$0")")/${oldName(electron)}" ${options} -- "$@"
`
}

/**
 * @param {import('../electron.mjs').Electron} electron
 * @param {string} folder of the packed program
 */
export function placeLauncher(electron, folder) {
  const script = launcherFor(electron)
  if (script === null) return
  const program = join(folder, programName)
  renameSync(program, join(folder, oldName(electron)))
  writeFileSync(program, script)
  chmodSync(program, 0o755)
}

const oldName = ({ version }) => `electron-${version}`
