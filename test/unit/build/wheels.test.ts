/** Only files that match their pinned hash are used. */
import { createHash } from 'crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { dirname, join } from 'path'
import { zipSync } from 'fflate'
import { beforeEach, expect, test } from 'vitest'
import type { Wheel } from '../../../build/pins.mjs'
import { fetchWheel, unpackWheel } from '../../../build/wheels.mjs'

const content = Buffer.from('the wheel')
const wheel: Wheel = {
  part: 'TensorFlow',
  version: '2.21.0',
  requirement: 'tensorflow-cpu==2.21.0',
  file: 'tensorflow.whl',
  sha256: createHash('sha256').update(content).digest('hex'),
  pipArgs: [],
  megabytes: 1,
}

let cache = ''
let fetched = 0

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'dalab-wheels-'))
  fetched = 0
})

function downloadOf(bytes: Buffer) {
  return async (_wheel: Wheel, into: string) => {
    fetched += 1
    mkdirSync(into, { recursive: true })
    writeFileSync(join(into, wheel.file), bytes)
  }
}

test('a wheel is fetched once', async () => {
  const path = await fetchWheel(wheel, cache, downloadOf(content))
  expect(readFileSync(path)).toEqual(content)
  expect(await fetchWheel(wheel, cache, downloadOf(content))).toBe(path)
  expect(fetched).toBe(1)
})

test('a wheel with another hash is refused, and nothing of it stays', async () => {
  await expect(fetchWheel(wheel, cache, downloadOf(Buffer.from('another')))).rejects.toThrow(
    `expected ${wheel.sha256}`,
  )
  expect(readdirSync(join(cache, 'wheels'))).toEqual([])
})

test('a wheel that was damaged in the cache is fetched again', async () => {
  const path = await fetchWheel(wheel, cache, downloadOf(content))
  writeFileSync(path, 'the whee1')
  expect(readFileSync(await fetchWheel(wheel, cache, downloadOf(content)))).toEqual(content)
  expect(fetched).toBe(2)
})

test('what an interrupted download left is removed, and the download begun again', async () => {
  const left = join(cache, 'wheels', `${wheel.file}.partial-999999999`)
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, wheel.file), 'the wh')
  await fetchWheel(wheel, cache, downloadOf(content))
  expect(readdirSync(join(cache, 'wheels'))).toEqual([wheel.file])
})

function zipped(files: Record<string, string>): string {
  const path = join(cache, 'some.whl')
  writeFileSync(
    path,
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))),
  )
  return path
}

test('the parts that are wanted are unpacked under their new names, the rest is not', () => {
  const path = zipped({ 'tf/lib.so': 'library', 'tf/include/c/api.h': 'header', 'tf/other.py': 'no' })
  const folder = join(cache, 'unpacked')
  unpackWheel(path, folder, { 'tf/lib.so': 'lib/lib.so', 'tf/include/': 'include/' })
  expect(readFileSync(join(folder, 'lib/lib.so'), 'utf8')).toBe('library')
  expect(readFileSync(join(folder, 'include/c/api.h'), 'utf8')).toBe('header')
  expect(readdirSync(folder).sort()).toEqual(['include', 'lib'])
  expect(statSync(folder).isDirectory()).toBe(true)
})

test('a name that points outside the folder is refused', () => {
  const path = zipped({ 'tf/../../../escaped': 'x' })
  expect(() => unpackWheel(path, join(cache, 'a', 'b'), { 'tf/': '' })).toThrow('points outside the folder')
  expect(existsSync(join(dirname(cache), 'escaped'))).toBe(false)
})

test('a wheel that is no archive is refused', () => {
  const path = join(cache, 'broken.whl')
  writeFileSync(path, content)
  expect(() => unpackWheel(path, join(cache, 'unpacked'), { '': '' })).toThrow('could not be unpacked')
})
