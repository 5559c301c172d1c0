/** Where the terminal keeps what went wrong: with the data that the command works on. */
import { resolve } from 'path'
import { dataFolderFor, foldersIn, settingsFileFor } from '../lab/data-folder'
import { dataFolderSetIn } from '../lab/settings'
import { optionIn } from './option-in'

/** The folder of logs, told from the command line and the settings: also where no lab could be opened. */
export function logsFor(argv: readonly string[]): string {
  const asked = optionIn(argv, '--data-folder')
  const named = asked === undefined ? undefined : resolve(asked)
  return foldersIn(dataFolderSetIn(settingsFileFor(named)) ?? dataFolderFor(named)).logs
}
