/** An interrupted build step is detected and repeated. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, truncateSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { beforeEach, expect, test } from 'vitest'
import { isComplete, makeFolder, removeStamp } from '../../../build/stamps.mjs'

let parent = ''
let folder = ''

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'dalab-stamps-'))
  folder = join(parent, 'made')
})

function fill(temporary: string): string[] {
  writeFileSync(join(temporary, 'library'), 'all of it')
  return ['library']
}

test('a folder is complete for what it was made from, and for nothing else', async () => {
  expect(isComplete(folder, 'a')).toBe(false)
  await makeFolder(folder, 'a', fill)
  expect(isComplete(folder, 'a')).toBe(true)
  expect(isComplete(folder, 'b')).toBe(false)
})

test('a folder whose making fails does not come to be', async () => {
  await expect(
    makeFolder(folder, 'a', (temporary) => {
      fill(temporary)
      throw new Error('the disk is full')
    }),
  ).rejects.toThrow('the disk is full')
  expect(existsSync(folder)).toBe(false)
})

test('a half-made folder of a process that is gone is removed and made again', async () => {
  mkdirSync(`${folder}.partial-999999999`)
  writeFileSync(join(`${folder}.partial-999999999`, 'library'), 'all')
  await makeFolder(folder, 'a', fill)
  expect(readdirSync(parent)).toEqual(['made'])
  expect(isComplete(folder, 'a')).toBe(true)
})

test('the half-made folder of a process that is still at work is let be', async () => {
  const other = `${folder}.partial-${process.ppid}`
  mkdirSync(other)
  await makeFolder(folder, 'a', fill)
  expect(existsSync(other)).toBe(true)
})

test('a file that was cut short or removed since is noticed', async () => {
  await makeFolder(folder, 'a', fill)
  truncateSync(join(folder, 'library'), 3)
  expect(isComplete(folder, 'a')).toBe(false)
  await makeFolder(folder, 'a', fill)
  expect(isComplete(folder, 'a')).toBe(true)
  rmSync(join(folder, 'library'))
  expect(isComplete(folder, 'a')).toBe(false)
})

test('a folder that is about to be changed in place vouches for nothing', async () => {
  await makeFolder(folder, 'a', fill)
  removeStamp(folder)
  expect(isComplete(folder, 'a')).toBe(false)
})
