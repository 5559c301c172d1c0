/** `doctor` reports the state of a checkout, complete or bare. */
import { spawnSync } from 'child_process'
import { chmodSync, cpSync, mkdtempSync } from 'fs'
import { tmpdir } from 'os'
import { join, resolve } from 'path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { en, sentence, zh } from '../../../build/words.mjs'

const reportSchema = z.strictObject({
  state: z.enum(['ok', 'missing', 'warning']),
  parts: z.array(
    z.strictObject({
      part: z.string(),
      version: z.string(),
      state: z.enum(['ok', 'missing', 'warning']),
      hint: z.string(),
    }),
  ),
  apt: z.string().nullable(),
  cache: z.string(),
})

const here = resolve(__dirname, '../../..')

function runDoctor(root: string, args: string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [join(root, 'build/lab.mjs'), 'doctor', ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', ...env },
  })
}

function report(root: string, env: Record<string, string> = {}) {
  const { stdout } = runDoctor(root, ['--json'], env)
  return reportSchema.parse(JSON.parse(stdout))
}

/** A fresh clone, before anything was run. */
function bareCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), 'dalab-bare-'))
  for (const path of ['build', 'package.json', 'package-lock.json', 'assets/usps'])
    cpSync(join(here, path), join(root, path), { recursive: true })
  return root
}

test('every part is told with version and state', () => {
  const { parts } = report(here)
  const found = Object.fromEntries(parts.map(({ part, ...rest }) => [part, rest]))
  expect(found.node).toMatchObject({ version: process.versions.node, state: 'ok' })
  expect(found.tensorflow?.version).toMatch(/^2\./)
  expect(found['tfjs-node']).toMatchObject({ version: '4.22.0', state: 'ok' })
  expect(Object.keys(found)).toEqual(
    'node npm python pip compiler make packages headers tfjs-node tensorflow electron window tests mnist usps backbone peer data-folder cache'.split(
      ' ',
    ),
  )
})

test('a bare checkout is examined too: what set-up gets is a warning, not missing', () => {
  const root = bareCheckout()
  const { parts, cache } = report(root, { DALAB_CACHE: join(root, 'cache') })
  expect(cache).toBe(join(root, 'cache'))
  const states = Object.fromEntries(parts.map(({ part, state }) => [part, state]))
  expect(states).toMatchObject({
    node: 'ok',
    packages: 'warning',
    tensorflow: 'warning',
    electron: 'warning',
    mnist: 'warning',
    usps: 'ok',
    backbone: 'warning',
  })
})

test('tools that are not there are missing, and exit code 1 says so', () => {
  const root = bareCheckout()
  const env = { PATH: '/nonexistent', PYTHON: '', CXX: '', npm_execpath: '' }
  const { status, stdout } = runDoctor(root, ['--json'], env)
  const { state, parts, apt } = reportSchema.parse(JSON.parse(stdout))
  expect(status).toBe(1)
  expect(state).toBe('missing')
  expect(parts.filter((each) => each.state === 'missing').map(({ part }) => part)).toEqual(
    expect.arrayContaining(['npm', 'python', 'pip']),
  )
  expect(apt).toContain('python3-pip')
})

test('set-up without npm ends with one line and exit code 2', () => {
  const root = bareCheckout()
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'build/setup.mjs')], {
    encoding: 'utf8',
    env: { PATH: '/nonexistent', DALAB_CACHE: join(root, 'cache') },
  })
  expect(status).toBe(2)
  expect(stderr.trim().split('\n').at(-1)).toBe(sentence('npm-missing', {}, 'en'))
  expect(stderr).not.toContain('    at ')
})

test('a data folder that other users may open is reported, with what closes it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-data-'))
  const told = () => report(here, { DALAB_DATA: folder }).parts.find(({ part }) => part === 'data-folder')
  expect(told()).toMatchObject({ state: 'ok', hint: folder })
  chmodSync(folder, 0o755)
  const open = told()
  expect(open).toMatchObject({ state: 'warning' })
  expect(open?.hint).toContain(`chmod 700 '${folder}'`)
})

test('doctor speaks the language that is asked for', () => {
  expect(runDoctor(here, ['--lang', 'zh']).stdout).toContain(zh['part-compiler'])
  expect(runDoctor(here, [], { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' }).stdout).toContain(
    zh['part-compiler'],
  )
  expect(runDoctor(here, ['--lang=en'], { LC_ALL: 'zh_CN.UTF-8' }).stdout).toContain(en['part-compiler'])
})

test('an unknown option is refused in one line that names the nearest', () => {
  const { status, stdout, stderr } = runDoctor(here, ['--jsn'])
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'There is no option "--jsn" here; did you mean "--json"?\n',
  })
})

test('both languages say the same things about the same values', () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
  expect(Object.keys(zh)).toEqual(Object.keys(en))
  for (const key of Object.keys(en) as (keyof typeof en)[]) expect(places(zh[key])).toEqual(places(en[key]))
})
