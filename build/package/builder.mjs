/** The configuration of electron-builder, for all three systems. */
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { licenceText } from '../licences.mjs'
import { cacheFolder, isLinuxX64 } from '../machine.mjs'
import { tensorflowWheel } from '../pins.mjs'
import { fetchWheel, unpackWheel } from '../wheels.mjs'
import { placeLauncher } from './launcher.mjs'
import { desktopFiles, programName, readEntry } from './linux.mjs'
import { placeRuntime } from './runtime.mjs'

/** Suffix of the version of packages made with Electron 9.4.1. It appears in their file names and in About. */
const testbuild = '-testbuild'

/**
 * @param {import('../electron.mjs').Electron} electron
 * @param {string} version of the lab, in package.json
 */
export function packageVersion(electron, version) {
  return electron.origin === 'wheel' ? version + testbuild : version
}

/**
 * @param {string} root folder of the checkout
 * @param {import('../electron.mjs').Electron} electron
 * @param {string} version as returned by packageVersion
 * @returns {import('electron-builder').Configuration}
 */
export function builderConfiguration(root, electron, version) {
  const { entry, types, installer, icons } = desktopFiles(root)
  const { Comment, Categories, Keywords, StartupWMClass, MimeType } = readEntry(entry)
  return {
    appId: 'lab.domain-adaptation',
    productName: 'Domain Adaptation Lab',
    copyright: 'MIT',
    artifactName: '${name}-${version}-${os}-${arch}.${ext}',
    directories: { output: 'release', buildResources: 'build/package' },
    extraMetadata: { version },
    electronVersion: electron.version,
    electronDist: distOf(electron),
    // The set-up has already installed the native addon.
    npmRebuild: false,
    nodeGypRebuild: false,
    buildDependenciesFromSource: false,
    publish: null,
    asar: true,
    files: [
      'package.json',
      'dist/electron/*.cjs',
      'dist/{trainer,analyst,decoder}.cjs',
      'dist/*.wasm',
      'dist/methods.json',
      'dist/renderer/**',
      'assets/{backbones,presets,pytorch,usps}/**',
      'assets/timings.jsonl',
      'assets/icons/*.png',
      // runtime.mjs copies the packages to a folder beside the asar.
      '!**/node_modules/**',
      '!**/.complete.json',
    ],
    electronLanguages: ['en-US', 'zh-CN', 'zh-TW'],
    afterPack: (context) => afterPack(root, electron, context),
    // The workers run this program as Node (RunAsNode). The other fuses stop it from running other code.
    ...(electron.origin === 'npm' && {
      electronFuses: {
        runAsNode: true,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        onlyLoadAppFromAsar: true,
        resetAdHocDarwinSignature: process.platform === 'darwin',
      },
    }),
    linux: {
      target: ['AppImage'],
      executableName: programName,
      icon: icons,
      category: Categories,
      mimeTypes: MimeType.split(';').filter(Boolean),
      desktop: { entry: { Comment, Keywords, StartupWMClass } },
      extraFiles: [
        { from: installer, to: 'install-desktop' },
        { from: entry, to: `desktop/${programName}.desktop` },
        { from: types, to: `desktop/${programName}.xml` },
      ],
    },
    win: { target: ['nsis', 'zip'], icon: join(icons, '1024x1024.png') },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      deleteAppDataOnUninstall: false,
      include: join(root, 'assets', 'windows', 'open-with.nsh'),
    },
    mac: {
      target: ['dmg', 'zip'],
      icon: join(icons, '1024x1024.png'),
      category: 'public.app-category.education',
      // There is no certificate: an ad-hoc signature, which macOS requires to load the program, without the hardened
      // runtime.
      identity: '-',
      hardenedRuntime: false,
      fileAssociations: [{ ext: 'safetensors', name: 'Checkpoint', role: 'Viewer', rank: 'Alternate' }],
    },
  }
}

/** The folder of Electron's distribution; on macOS its program is three folders further down. */
function distOf({ program, origin }) {
  if (origin === 'npm' && process.platform === 'darwin') return join(dirname(program), '..', '..', '..')
  return dirname(program)
}

async function afterPack(root, electron, { appOutDir, packager }) {
  const resources = packager.getResourcesDir(appOutDir)
  // These two files come from an Electron that was unpacked to run from a checkout.
  for (const file of [join(resources, 'default_app.asar'), join(appOutDir, '.complete.json')])
    rmSync(file, { force: true })
  await placeRuntime(root, resources)
  writeFileSync(join(resources, 'LICENCES.txt'), licenceText(root))
  if (!isLinuxX64) return
  unpackWheel(await fetchWheel(tensorflowWheel, cacheFolder()), resources, {
    'tensorflow/include/LICENSE': 'LICENCE.tensorflow.txt',
    'tensorflow/THIRD_PARTY_NOTICES.txt': 'LICENCES.tensorflow-parts.txt',
  })
  // Not by `extraFiles`: electron-builder leaves such files out of the asar, where the window loads its icon from.
  cpSync(join(root, 'assets', 'icons'), join(appOutDir, 'desktop', 'icons'), { recursive: true })
  placeLauncher(electron, appOutDir)
}
