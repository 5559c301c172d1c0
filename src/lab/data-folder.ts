/** Where the lab keeps what it makes: `runs`, `trash`, `datasets` and `logs` in one folder that a person can move. */
import envPaths from 'env-paths'
import { join, resolve } from 'path'

export interface Folders {
  readonly data: string
  readonly datasets: string
  readonly logs: string
}

const paths = envPaths('domain-adaptation-lab', { suffix: '' })

/** What DALAB_DATA names; null where it names nothing. */
function namedFolder(): string | null {
  const named = process.env['DALAB_DATA'] ?? ''
  return named === '' ? null : resolve(named)
}

/** `folder`, else DALAB_DATA, else the system's folder for data. */
export function dataFolderFor(folder: string | undefined): string {
  return folder ?? namedFolder() ?? paths.data
}

/** The system's folder for settings; with the data where that is named, so that both move together. */
export function settingsFileFor(folder: string | undefined): string {
  return join(folder ?? namedFolder() ?? paths.config, 'settings.json')
}

export function foldersIn(data: string): Folders {
  return { data, datasets: join(data, 'datasets'), logs: join(data, 'logs') }
}
