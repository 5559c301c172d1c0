/** Reading the header of a file without the rest of it. */
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { isOfAnotherProgram, peekHeader } from '../../../src/checkpoints/peek'
import { encodeSafetensors } from '../../../src/checkpoints/safetensors'

const folder = mkdtempSync(join(tmpdir(), 'dalab-peek-'))
const tensor = (name: string) => ({ name, shape: [2], data: new Float32Array(2) })

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

describe('a header', () => {
  it('is read whole', async () => {
    const path = written('whole', encodeSafetensors([tensor('a')], { format: 'pt' }))
    const header = JSON.parse((await peekHeader(path)) ?? '') as object
    expect(Object.keys(header)).toEqual(['__metadata__', 'a'])
  })

  it('is read of a file of many gigabytes', async () => {
    const length = Buffer.alloc(8)
    length.writeUInt32LE(2)
    const path = written('large', Buffer.concat([length, Buffer.from('{}')]))
    truncateSync(path, 2 ** 36)
    expect(await peekHeader(path)).toBe('{}')
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['too little for a length', Buffer.alloc(5)],
    ['a length beyond the end', Buffer.from([200, 0, 0, 0, 0, 0, 0, 0, 123, 125])],
    ['a length beyond all files', Buffer.alloc(64, 255)],
  ])('is not read of a file with %s', async (name, bytes) => {
    expect(await peekHeader(written(name, bytes))).toBeNull()
  })

  it('is not looked for in a folder, nor where there is nothing', async () => {
    const path = join(folder, 'inside')
    mkdirSync(path)
    await expect(peekHeader(path)).rejects.toMatchObject({ code: 'not-a-file', params: { path } })
    const file = join(folder, 'missing')
    await expect(peekHeader(file)).rejects.toMatchObject({ code: 'file-not-found', params: { file } })
  })
})

it.each<[string, boolean]>([
  ['{"model.weight":{}}', true],
  ['{"__metadata__":{"format":"pt"},"encoder.conv1.weight":{}}', true],
  ['{}', true],
  ['{"classifier.fc.weight":{},"x":{}}', false],
  ['{"_orig_mod.module.classifier.fc.weight":{}}', false],
  ['{"__metadata__":{"dalab.kind":"checkpoint"}}', false],
  // A damaged header gives another error.
  ['{"model', false],
  ['null', false],
])('%s is of another program: %s', (header, expected) => {
  expect(isOfAnotherProgram(header)).toBe(expected)
})
