/** A growing file is read from where the last read ended; a replaced or shortened one is read from its start. */
import { promises as fs } from 'fs'
import { join } from 'path'
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { growing } from '../../../src/checkpoints/growing'
import { emptyFolder } from './samples'

let path: string
let added: string[]
const read = growing<readonly string[]>([], (before, text) => {
  added.push(text)
  return [...before, ...text.split('\n').slice(0, -1)]
})

beforeEach(async () => {
  path = join(await emptyFolder(), 'lines')
  added = []
})

it('reads what was appended, and nothing else', async () => {
  await fs.writeFile(path, 'one\n')
  expect(await read(path)).toEqual(['one'])
  await fs.appendFile(path, 'two\nthr')
  expect(await read(path)).toEqual(['one', 'two'])
  await fs.appendFile(path, 'ee\n')
  expect(await read(path)).toEqual(['one', 'two', 'three'])
  expect(added).toEqual(['one\n', 'two\n', 'three\n'])
})

it('reads anew what was replaced, cut or changed in its place', async () => {
  await fs.writeFile(path, 'one\ntwo\n')
  expect(await read(path)).toEqual(['one', 'two'])
  await fs.writeFile(`${path}.new`, 'other\n')
  await fs.rename(`${path}.new`, path)
  expect(await read(path)).toEqual(['other'])
  await fs.writeFile(path, 'a\n')
  expect(await read(path)).toEqual(['a'])
  await fs.writeFile(path, 'b\nlonger\n')
  expect(await read(path)).toEqual(['b', 'longer'])
})

it('passes over a torn line that is taken away and written again', async () => {
  await fs.writeFile(path, 'one\ntorn')
  expect(await read(path)).toEqual(['one'])
  await fs.truncate(path, 4)
  await fs.appendFile(path, 'a whole line\n')
  expect(await read(path)).toEqual(['one', 'a whole line'])
})

it('gives the same as reading all of it, wherever the appending was cut', async () => {
  const pieces = fc.array(fc.string({ maxLength: 300 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(pieces, async (texts) => {
      await fs.writeFile(path, '')
      let whole = ''
      for (const text of texts) {
        await fs.appendFile(path, text)
        whole += text
        expect(await read(path)).toEqual(whole.split('\n').slice(0, -1))
      }
    }),
    { numRuns: 60 },
  )
})
