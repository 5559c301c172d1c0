/** The packages that the program ships, and their licences: for About. Runs when the page is built. */
import { existsSync, readFileSync } from 'fs'
import { join } from 'path'

export interface Licence {
  readonly name: string
  readonly version: string
  readonly licence: string
}

interface Manifest {
  readonly version?: string
  readonly license?: string | { readonly type: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Development packages whose code ends up in the page. */
const bundled = [
  'vue',
  'pinia',
  'vue-i18n',
  'chart.js',
  'vue-chartjs',
  'umap-js',
  '@fontsource-variable/inter',
]

function readManifest(folder: string): Manifest | null {
  const file = join(folder, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : null
}

/** The packages reachable from the project's own dependencies, once each, by name. */
export function collectLicences(projectFolder: string): Licence[] {
  const found = new Map<string, Licence>()
  const queue = [...Object.keys(readManifest(projectFolder)?.dependencies ?? {}), ...bundled]
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue
    const manifest = readManifest(join(projectFolder, 'node_modules', name))
    if (manifest === null) continue
    const licence = typeof manifest.license === 'object' ? manifest.license.type : manifest.license
    found.set(name, { name, version: manifest.version ?? '', licence: licence ?? '' })
    queue.push(...Object.keys(manifest.dependencies ?? {}))
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}
