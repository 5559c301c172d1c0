/** Makes a .deb from the packed folder with Debian's dpkg-deb. It installs only what this file lists. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { MissingPart } from '../progress.mjs'
import { desktopFiles, programName, readEntry } from './linux.mjs'

/** Folder of the installed program. */
const programFolder = `opt/${programName}`
/** Files of the packed folder that are only for users of the .tar.gz. */
const onlyInTarball = ['install-desktop', 'desktop']

/** Debian and Ubuntu added `t64` to the names of some libraries in the change to a 64-bit time_t. */
const libraries = ['libgtk-3-0', 'libatk-bridge2.0-0', 'libasound2'].map((name) => `${name} | ${name}t64`)
const depends = [
  ...libraries,
  ...['libnss3', 'libxss1', 'libgbm1', 'libx11-xcb1', 'libxtst6', 'libstdc++6'],
  ...['xdg-utils', 'shared-mime-info', 'desktop-file-utils'],
]

/** Script for postinst and postrm: updates the caches of file types, menus and icons. */
export const refreshCaches = `#!/bin/sh
set -e
if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true; fi
`

/**
 * @param {string} version
 * @param {string} description in one line
 * @param {number} kilobytes installed
 */
export function controlFile(version, description, kilobytes) {
  return `Package: ${programName}
Version: ${version.replace('-', '~')}
Section: science
Priority: optional
Architecture: amd64
Maintainer: Domain Adaptation Lab
Depends: ${depends.join(', ')}
Installed-Size: ${kilobytes}
Description: ${description}
 Trains with native TensorFlow on this machine; nothing leaves it. Runs stay in your data folder when the package
 is removed.
`
}

/**
 * @param {string} root folder of the checkout
 * @param {string} packed folder of the packed program
 * @param {string} version
 * @param {string} file path of the .deb
 */
export function makeDeb(root, packed, version, file) {
  const tree = `${file}.tree`
  rmSync(tree, { recursive: true, force: true })
  try {
    placeProgram(packed, tree)
    placeOnDesktop(root, tree)
    const { Comment } = readEntry(desktopFiles(root).entry)
    const control = join(tree, 'DEBIAN')
    mkdirSync(control)
    writeFileSync(join(control, 'control'), controlFile(version, Comment, kilobytesIn(tree)))
    for (const script of ['postinst', 'postrm']) {
      writeFileSync(join(control, script), refreshCaches)
      chmodSync(join(control, script), 0o755)
    }
    dpkgDeb(tree, file)
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

function placeProgram(packed, tree) {
  const program = join(tree, programFolder)
  cpSync(packed, program, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) =>
      !onlyInTarball.includes(basename(source)) || join(packed, basename(source)) !== source,
  })
  // If the kernel denies user namespaces, Chromium's sandbox needs this helper as setuid root.
  chmodSync(join(program, 'chrome-sandbox'), 0o4755)
  mkdirSync(join(tree, 'usr', 'bin'), { recursive: true })
  symlinkSync(`../../${programFolder}/${programName}`, join(tree, 'usr', 'bin', programName))
}

function placeOnDesktop(root, tree) {
  const { entry, types, icons } = desktopFiles(root)
  const shared = join(tree, 'usr', 'share')
  cpSync(entry, join(shared, 'applications', basename(entry)))
  cpSync(types, join(shared, 'mime', 'packages', basename(types)))
  for (const icon of readdirSync(icons).filter(
    (name) => /^\d+x\d+\.png$/.test(name) && name !== '1024x1024.png',
  ))
    cpSync(
      join(icons, icon),
      join(shared, 'icons', 'hicolor', basename(icon, '.png'), 'apps', `${programName}.png`),
    )
  cpSync(join(icons, 'lab.svg'), join(shared, 'icons', 'hicolor', 'scalable', 'apps', `${programName}.svg`))
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8')
  const more = `\nLicences of everything in it: /${programFolder}/resources/LICENCES.txt, /${programFolder}/LICENSES.chromium.html\n`
  mkdirSync(join(shared, 'doc', programName), { recursive: true })
  writeFileSync(join(shared, 'doc', programName, 'copyright'), licence + more)
}

/** gzip, because xz takes minutes for a tenth less; see docs/packages.md. */
function dpkgDeb(tree, file) {
  const { status, error, stderr } = spawnSync(
    'dpkg-deb',
    ['--root-owner-group', '-Zgzip', '--build', tree, file],
    { encoding: 'utf8' },
  )
  if (error) throw new MissingPart('deb-not-made', { reason: 'dpkg-deb' })
  if (status !== 0) throw new MissingPart('deb-not-made', { reason: stderr.trim() })
}

function kilobytesIn(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.ceil(files.reduce((sum, name) => sum + lstatSync(join(folder, name)).size, 0) / 1024)
}
