/** Where the lab keeps its data: `runs`, `trash`, `datasets`, `backbones` and `logs` in one folder that the user can move. */
import envPaths from 'env-paths'
import { join, resolve } from 'path'

export interface Folders {
  readonly data: string
  readonly datasets: string
  /** Weights of backbones that the user brought. */
  readonly backbones: string
  readonly logs: string
}

const paths = envPaths('domain-adaptation-lab', { suffix: '' })

/** The folder given by DALAB_DATA; null if it is unset or empty. */
function namedFolder(): string | null {
  const named = process.env['DALAB_DATA'] ?? ''
  return named === '' ? null : resolve(named)
}

/** `folder`, else DALAB_DATA, else the system's data folder. */
export function dataFolderFor(folder: string | undefined): string {
  return folder ?? namedFolder() ?? paths.data
}

/** In the system's settings folder, or in the data folder if that is given, so that both move together. */
export function settingsFileFor(folder: string | undefined): string {
  return join(folder ?? namedFolder() ?? paths.config, 'settings.json')
}

export function foldersIn(data: string): Folders {
  return {
    data,
    datasets: join(data, 'datasets'),
    backbones: join(data, 'backbones'),
    logs: join(data, 'logs'),
  }
}
