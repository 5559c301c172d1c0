/** Loads the lab's statistics (src/statistics) for scripts that are not bundled with the lab. */
import { join } from 'node:path'
import { checkout } from '../machine.mjs'

/**
 * @typedef {object} Statistics
 * @property {typeof import('../../src/statistics/spread.ts').spreadOf} spreadOf
 * @property {typeof import('../../src/statistics/interval.ts').wilsonInterval} wilsonInterval
 * @property {typeof import('../../src/statistics/gap.ts').gapClosed} gapClosed
 */

/** @param {string} name of a file in src/statistics */
async function load(name) {
  // Imported here, because packages exist only after the set-up.
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(checkout, 'src', 'statistics', `${name}.ts`)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

/** @returns {Promise<Statistics>} */
export async function loadStatistics() {
  const [{ spreadOf }, { wilsonInterval }, { gapClosed }] = await Promise.all(
    ['spread', 'interval', 'gap'].map(load),
  )
  return { spreadOf, wilsonInterval, gapClosed }
}
