/**
 * `npm run package`: builds packages for this system into release/. electron-builder packs the program and makes the
 * packages for Windows, macOS and AppImage; dpkg-deb and tar make the .deb and the .tar.gz for Linux.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { Platform, build } from 'electron-builder'
import { builderConfiguration, packageVersion } from './package/builder.mjs'
import { makeDeb } from './package/deb.mjs'
import { desktopFiles, programName } from './package/linux.mjs'
import { namingSandboxOptions } from './package/sandbox.mjs'
import { checkout } from './machine.mjs'
import { MissingPart, runProgram, say, step } from './progress.mjs'
import { writeBillOfMaterials } from './sbom.mjs'
import { setUpWindow } from './setup.mjs'

const release = join(checkout, 'release')

async function main() {
  const electron = await setUpWindow()
  if (!electron) throw new MissingPart('electron-not-fetched')
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
  const named = packageVersion(electron, version)
  rmSync(release, { recursive: true, force: true })
  if (process.platform === 'linux') await packLinux(electron, named)
  else await packBy(electron, named)
  writeBillOfMaterials(electron, join(release, `${programName}-${named}.cdx.json`))
  for (const file of readdirSync(release).filter((name) => statSync(join(release, name)).isFile()))
    say('package-made', { file: join('release', file), megabytes: megabytes(join(release, file)) })
}

/** @param {import('electron-builder').CliOptions} targets what to build; by default, what the configuration names */
async function packBy(electron, version, targets = {}) {
  const config = builderConfiguration(checkout, electron, version)
  await step('packing', electron, () => build({ projectDir: checkout, config, ...targets }))
}

async function packLinux(electron, version) {
  await packBy(electron, version, { targets: Platform.LINUX.createTarget('dir') })
  const packed = join(release, 'linux-unpacked')
  if (electron.origin === 'npm') {
    refuseSandboxOptions(packed)
    await makeAppImage(electron, version, packed)
  } else say('appimage-not-made', electron)
  const name = `${programName}-${version}-linux-x64`
  await step('making-tarball', {}, () => makeTarball(packed, name))
  const deb = join(release, `${programName}_${version}_amd64.deb`)
  await step('making-deb', {}, () => makeDeb(checkout, packed, version, deb))
}

function refuseSandboxOptions(folder) {
  const [file] = namingSandboxOptions(folder)
  if (file) throw new MissingPart('sandbox-option', { file: relative(checkout, file) })
}

/** electron-builder copies the packed folder over its own AppRun, so ours replaces it. */
async function makeAppImage(electron, version, packed) {
  const appRun = join(packed, 'AppRun')
  cpSync(desktopFiles(checkout).appRun, appRun)
  try {
    await packBy(electron, version, {
      targets: Platform.LINUX.createTarget('AppImage'),
      prepackaged: packed,
    })
  } catch (error) {
    say('appimage-failed', { reason: error.message.split('\n')[0] })
  } finally {
    rmSync(appRun, { force: true })
  }
}

/** The archive contains one folder of the same name. */
function makeTarball(packed, name) {
  const folder = join(release, name)
  mkdirSync(release, { recursive: true })
  renameSync(packed, folder)
  const { status } = spawnSync(
    'tar',
    [
      '--create',
      '--gzip',
      '--sort=name',
      '--owner=root:0',
      '--group=root:0',
      '--file',
      `${folder}.tar.gz`,
      name,
    ],
    { cwd: release, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  renameSync(folder, packed)
  if (status !== 0 || !existsSync(`${folder}.tar.gz`)) throw new MissingPart('tarball-not-made')
}

const megabytes = (file) => Math.round(statSync(file).size / 1e6)

await runProgram(main)
