/**
 * In a package with Electron 9.4.1, a shell script starts Electron. It adds the option that this Electron needs, prints
 * that it does, and drops every option of the user: `--inspect` would open Node's inspector before the program can stop
 * it. A current Electron is started directly; electron/release-words.ts checks its options.
 */
import { chmodSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { electronEnvironment, electronOptions } from '../electron.mjs'
import { programName } from './linux.mjs'

/**
 * @param {import('../electron.mjs').Electron} electron
 * @returns {string | null} the script; null if Electron is started directly
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
