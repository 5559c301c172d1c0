/** Finds the terminal's log folder, which is in the data folder that the command uses. */
import { resolve } from 'path'
import { dataFolderFor, foldersIn, settingsFileFor } from '../lab/data-folder'
import { dataFolderSetIn } from '../lab/settings'
import { optionIn } from './option-in'

/** The log folder according to the command line and the settings; works even if the lab could not be opened. */
export function logsFor(argv: readonly string[]): string {
  const asked = optionIn(argv, '--data-folder')
  const named = asked === undefined ? undefined : resolve(asked)
  return foldersIn(dataFolderSetIn(settingsFileFor(named)) ?? dataFolderFor(named)).logs
}
