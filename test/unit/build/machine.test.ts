/** Minimum Node version, location of the cache, installed packages, and how Electron is started. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'fs'
import { homedir, tmpdir } from 'os'
import { join } from 'path'
import { expect, test } from 'vitest'
import { electronEnvironment, electronOptions } from '../../../build/electron.mjs'
import { cacheFolder, isSupportedNode } from '../../../build/machine.mjs'
import { hasPackages } from '../../../build/packages.mjs'

test.each([
  ['18.20.4', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['21.7.0', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['23.5.0', false],
  ['24.0.0', true],
  ['26.1.0', true],
])('Node %s is supported: %s', (version, supported) => {
  expect(isSupportedNode(version)).toBe(supported)
})

test('the cache lies where the system keeps caches, or where DALAB_CACHE says', () => {
  expect(cacheFolder({ DALAB_CACHE: '/elsewhere' }, 'linux')).toBe('/elsewhere')
  expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux')).toBe('/xdg/domain-adaptation-lab')
  expect(cacheFolder({}, 'linux')).toBe(join(homedir(), '.cache', 'domain-adaptation-lab'))
  expect(cacheFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Caches', 'domain-adaptation-lab'))
})

function checkoutWith(installed: Record<string, object> | null): string {
  const root = mkdtempSync(join(tmpdir(), 'dalab-packages-'))
  const packages = {
    '': { name: 'lab' },
    'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' },
    'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
  if (installed) {
    mkdirSync(join(root, 'node_modules'))
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }))
  }
  return root
}

test.each([
  ['nothing is installed', null, false],
  ['what is wanted is installed', { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' } }, true],
  [
    'another version is installed',
    { 'node_modules/zod': { version: '3.0.0', integrity: 'sha512-a' } },
    false,
  ],
  [
    'another content is installed',
    { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-x' } },
    false,
  ],
  ['a package is missing', {}, false],
])('packages, when %s', (_, installed, complete) => {
  expect(hasPackages(checkoutWith(installed))).toBe(complete)
})

test('only the old Electron is started with options for its sandbox, and a bound for its allocator', () => {
  const old = { program: 'electron', version: '9.4.1', origin: 'wheel' as const }
  expect(electronOptions(old, true)).toEqual(['--no-sandbox'])
  expect(electronOptions(old, false)).toEqual(['--disable-seccomp-filter-sandbox'])
  const current = { program: 'electron', version: '45.4.1', origin: 'npm' as const }
  expect(electronOptions(current, true)).toEqual([])
  expect(electronOptions(current, false)).toEqual([])
  expect(electronEnvironment(old)).toHaveProperty('TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES')
  expect(electronEnvironment(current)).toEqual({})
})
