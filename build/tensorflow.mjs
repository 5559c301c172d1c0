/**
 * Installs TensorFlow's native library for @tensorflow/tfjs-node. On Linux x64, library and C headers come from the
 * pinned wheel, and the addon is compiled against them from the package's own sources. Other systems use the package's
 * own installer.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isLinuxX64 } from './machine.mjs'
import { tensorflowWheel } from './pins.mjs'
import { MissingPart, step } from './progress.mjs'
import { isComplete, makeFolder, markComplete } from './stamps.mjs'
import { fetchWheel, unpackWheel } from './wheels.mjs'

/** Files of the wheel that are needed, and their destinations. */
const wanted = {
  'tensorflow/libtensorflow_cc.so.2': 'lib/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2': 'lib/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/': 'include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/ctstring': 'include/tensorflow/core/platform/ctstring',
  'tensorflow/include/xla/tsl/': 'include/xla/tsl/',
  'tensorflow/include/tsl/': 'include/tsl/',
}

/** Library names used by the linker, each with its file. */
const links = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
}

/** tfjs-node finds the addon by the Node-API version of its runtime: 8 in Node, 5 in Electron 9. */
const addonFiles = ['napi-v8', 'napi-v5'].map((folder) => join('..', 'lib', folder, 'tfjs_binding.node'))

/**
 * Installs the native part in the package if it is missing.
 * @param {string} checkout
 * @param {string} cache
 */
export async function prepareTensorFlow(checkout, cache) {
  const tfjsNode = join(checkout, 'node_modules', '@tensorflow', 'tfjs-node')
  if (!isLinuxX64) return prepareByPackage(tfjsNode)
  const key = addonKey(tfjsNode)
  const place = join(tfjsNode, 'deps')
  if (isComplete(place, key)) return
  const library = await unpackLibrary(cache)
  const addon = await compileAddon(checkout, tfjsNode, library, cache, key)
  await step('placing-tensorflow', tensorflowWheel, () => {
    const files = placeLibrary(library, place)
    for (const addonFile of addonFiles) placeFile(addon, join(place, addonFile))
    markComplete(place, key, [...files, ...addonFiles])
  })
}

/** @returns {boolean} whether the native part is installed; changes nothing */
export function hasTensorFlow(checkout) {
  const tfjsNode = join(checkout, 'node_modules', '@tensorflow', 'tfjs-node')
  if (!existsSync(tfjsNode)) return false
  return isComplete(join(tfjsNode, 'deps'), isLinuxX64 ? addonKey(tfjsNode) : packageKey(tfjsNode))
}

async function unpackLibrary(cache) {
  const folder = join(cache, `tensorflow-${tensorflowWheel.version}`)
  if (isComplete(folder, tensorflowWheel.sha256)) return folder
  const wheel = await fetchWheel(tensorflowWheel, cache)
  await step('unpacking-tensorflow', tensorflowWheel, () =>
    makeFolder(folder, tensorflowWheel.sha256, (temporary) => {
      unpackWheel(wheel, temporary, wanted)
      for (const [name, target] of Object.entries(links)) symlinkSync(target, join(temporary, 'lib', name))
      return ['lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h']
    }),
  )
  return folder
}

/**
 * Compiles the addon. It uses Node-API, which is stable across all supported Node and Electron versions, so one build
 * works for all and its headers come from npm. Compiling the two sources directly needs neither make nor Node's own
 * headers.
 * @returns {Promise<string>} path of the addon
 */
async function compileAddon(checkout, tfjsNode, library, cache, key) {
  const folder = join(cache, `tfjs-addon-${key.slice(0, 16)}`)
  const name = 'tfjs_binding.node'
  if (isComplete(folder, key)) return join(folder, name)
  await step('compiling-addon', {}, () =>
    makeFolder(folder, key, (temporary) => {
      const compiler = process.env.CXX || 'g++'
      const { status, stderr, error } = spawnSync(
        compiler,
        [
          ...[
            '-shared',
            '-fPIC',
            '-O3',
            '-std=gnu++17',
            '-pthread',
            '-w',
            '-DNAPI_VERSION=8',
            '-DNODE_GYP_MODULE_NAME=tfjs_binding',
          ],
          ...[join(checkout, 'node_modules', 'node-api-headers', 'include'), join(library, 'include')].map(
            (path) => `-I${path}`,
          ),
          ...sources(tfjsNode).filter((path) => path.endsWith('.cc')),
          ...[
            `-L${join(library, 'lib')}`,
            '-ltensorflow',
            '-ltensorflow_framework',
            '-Wl,-rpath,$ORIGIN/../../deps/lib',
          ],
          ...['-o', join(temporary, name)],
        ],
        { encoding: 'utf8' },
      )
      if (error) throw new MissingPart('compiler-missing', { compiler })
      if (status !== 0) throw new MissingPart('addon-not-compiled', { compiler, reason: firstError(stderr) })
      return [name]
    }),
  )
  return join(folder, name)
}

function firstError(output) {
  return output.split('\n').find((line) => line.includes('error')) ?? output.trim()
}

/** @returns {string[]} the installed files, relative to the folder */
function placeLibrary(library, place) {
  rmSync(place, { recursive: true, force: true })
  const files = readdirSync(join(library, 'lib'))
  for (const file of files) {
    if (file in links) symlinkAt(links[file], join(place, 'lib', file))
    else placeFile(join(library, 'lib', file), join(place, 'lib', file))
  }
  return files.map((file) => join('lib', file))
}

function symlinkAt(target, path) {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

/** Uses hard links if cache and checkout share a file system, otherwise copies. */
function placeFile(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  rmSync(to, { force: true })
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
  }
}

function sources(tfjsNode) {
  const folder = join(tfjsNode, 'binding')
  return readdirSync(folder)
    .sort()
    .map((file) => join(folder, file))
}

/** Runs the package's installer, which downloads a library and a compiled addon; these are recorded, not pinned. */
async function prepareByPackage(tfjsNode) {
  const key = packageKey(tfjsNode)
  const place = join(tfjsNode, 'deps')
  if (isComplete(place, key)) return
  await step('installing-tensorflow', {}, () => {
    const { status } = spawnSync(process.execPath, [join('scripts', 'install.js')], {
      cwd: tfjsNode,
      stdio: ['ignore', 2, 2],
    })
    if (status !== 0)
      throw new MissingPart('tensorflow-not-installed', { platform: `${process.platform} ${process.arch}` })
    markComplete(place, key, [])
  })
}

function packageKey(tfjsNode) {
  const { version } = JSON.parse(readFileSync(join(tfjsNode, 'package.json'), 'utf8'))
  return `package installer of ${version} for ${process.platform} ${process.arch}`
}

/** Changes when the wheel or the addon's sources change. */
function addonKey(tfjsNode) {
  const hash = createHash('sha256').update(tensorflowWheel.sha256)
  for (const file of sources(tfjsNode)) hash.update(readFileSync(file))
  return hash.digest('hex')
}
