import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { checkTensors, readCheckpoint, writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { writePause, readPause } from '../../../src/checkpoints/pause'
import { encodeSafetensors } from '../../../src/checkpoints/safetensors'
import { pausePath } from '../../../src/checkpoints/run-folder'
import { bits, codeOf, emptyFolder, errorOf, facts, tensor } from './samples'

const tensors = [tensor('classifier.fc.weight', 2, 5), tensor('classifier.fc.bias', 2)]
let folder: string
let path: string

beforeEach(async () => {
  folder = await emptyFolder()
  path = join(folder, 'round-0003.dalab.safetensors')
  await writeCheckpoint(path, facts, tensors)
})

describe('a checkpoint', () => {
  it('gives back its facts and tensors, and says that it is verified', async () => {
    const read = await readCheckpoint(path)
    expect(read.facts).toEqual(facts)
    expect(read.origin).toBe('verified')
    expect(bits(read.tensors)).toEqual(bits(tensors))
  })

  it('has the same bytes in whatever order its facts are given, so that it is recognised after it was read', async () => {
    const turned = Object.fromEntries(Object.entries(facts).reverse()) as typeof facts
    const again = join(folder, 'again.safetensors')
    await writeCheckpoint(again, turned, tensors)
    expect((await fs.readFile(again)).equals(await fs.readFile(path))).toBe(true)
  })

  it('leaves nothing beside it', async () => {
    expect(await fs.readdir(folder)).toEqual(['round-0003.dalab.safetensors'])
  })

  it('notices a flipped bit anywhere', async () => {
    const whole = await fs.readFile(path)
    const codes = new Set<string>()
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole)
      flipped[at] = (whole[at] ?? 0) ^ (1 << (at % 8))
      await fs.writeFile(path, flipped)
      codes.add(await codeOf(() => readCheckpoint(path)))
    }
    expect([...codes].sort()).toEqual([
      'checkpoint-cut-short',
      'checkpoint-damaged',
      'checkpoint-malformed',
      'checkpoint-newer',
    ])
  })

  it('calls a flipped byte in the tensor data damage', async () => {
    const bytes = await fs.readFile(path)
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
    await fs.writeFile(path, bytes)
    expect(await errorOf(() => readCheckpoint(path))).toMatchObject({
      code: 'checkpoint-damaged',
      params: { file: path },
    })
  })

  it('is refused at every length but its own', async () => {
    const whole = await fs.readFile(path)
    for (let length = 0; length < whole.length; length += 7) {
      await fs.writeFile(path, whole.subarray(0, length))
      expect(await codeOf(() => readCheckpoint(path))).toBe('checkpoint-cut-short')
    }
    await fs.writeFile(path, Buffer.concat([whole, Buffer.alloc(1)]))
    expect(await codeOf(() => readCheckpoint(path))).toBe('checkpoint-malformed')
  })

  it('of a newer schema says so, with both numbers', async () => {
    await fs.writeFile(path, encodeSafetensors(tensors, { 'dalab.schema': '7', 'dalab.facts': '{}' }))
    const params = { file: path, found: 7, supported: 1 }
    expect(await errorOf(() => readCheckpoint(path))).toMatchObject({ code: 'checkpoint-newer', params })
  })

  it('without its digests is damaged, not foreign', async () => {
    await fs.writeFile(path, encodeSafetensors(tensors, { 'dalab.schema': '1', 'dalab.facts': '{}' }))
    expect(await codeOf(() => readCheckpoint(path))).toBe('checkpoint-damaged')
  })

  it('of another program opens as foreign', async () => {
    await fs.writeFile(path, encodeSafetensors(tensors, { format: 'pt' }))
    expect(await readCheckpoint(path)).toMatchObject({
      origin: 'foreign',
      facts: null,
      entries: tensors.map(({ name, shape }) => ({ name, shape, dtype: 'F32' })),
    })
  })

  it('is no pause, and the other way round', async () => {
    await writePause(folder, { state: { phase: 'source', round: 0, step: 1 }, tensors })
    expect(await codeOf(() => readCheckpoint(pausePath(folder)))).toBe('checkpoint-malformed')
    await fs.copyFile(path, pausePath(folder))
    expect(await codeOf(() => readPause(folder))).toBe('checkpoint-malformed')
  })

  it('that is not there, or is a folder, is named', async () => {
    const missing = join(folder, 'nowhere.safetensors')
    expect(await errorOf(() => readCheckpoint(missing))).toMatchObject({
      code: 'file-not-found',
      params: { file: missing },
    })
    expect(await errorOf(() => readCheckpoint(folder))).toMatchObject({
      code: 'file-unreadable',
      params: { file: folder },
    })
  })
})

describe('checkTensors', () => {
  const expected = { 'classifier.fc.weight': [2, 5], 'classifier.fc.bias': [2] }

  it('accepts what is there, with others beside it', () => {
    expect(() => checkTensors([...tensors, tensor('x', 1)], expected, path)).not.toThrow()
  })

  it('names a tensor of the wrong shape with both shapes', async () => {
    const wrong = [tensor('classifier.fc.weight', 5, 2), tensor('classifier.fc.bias', 2)]
    const params = { file: path, tensor: 'classifier.fc.weight', found: '[5, 2]', expected: '[2, 5]' }
    expect(await errorOf(() => checkTensors(wrong, expected, path))).toMatchObject({
      code: 'checkpoint-wrong-shape',
      params,
    })
  })

  it('names a tensor that is missing', async () => {
    const params = { file: path, tensor: 'classifier.fc.bias' }
    expect(await errorOf(() => checkTensors(tensors.slice(0, 1), expected, path))).toMatchObject({
      code: 'checkpoint-missing-tensor',
      params,
    })
  })
})
