import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from '../../../src/checkpoints/safetensors'
import { LabError } from '../../../src/contract/errors'
import { bits, errorOf, tensor, tensorLists } from './samples'

/** A file with any header, followed by `values` bytes. */
function fileOf(header: unknown, values: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, Buffer.alloc(values)])
}

function entry(begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') {
  return { dtype, shape, data_offsets: [begin, end] }
}

describe('safetensors', () => {
  it('gives back every bit of every tensor', () => {
    fc.assert(
      fc.property(tensorLists, fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata), 'x')
        const byName = new Map(bits(decoded.tensors).map((one) => [one.name, one]))
        expect(bits(tensors).map(({ name }) => byName.get(name))).toEqual(bits(tensors))
        expect(decoded.tensors).toHaveLength(tensors.length)
        expect({ ...decoded.metadata }).toEqual({ ...metadata })
      }),
    )
  })

  it('begins the values at a multiple of 8', () => {
    for (const name of ['a', 'ab', 'abc', '权重']) {
      const bytes = Buffer.from(encodeSafetensors([tensor(name, 2)], {}))
      expect((8 + bytes.readUInt32LE(0)) % 8).toBe(0)
    }
  })

  it('reads other floats as float32', () => {
    const values: Record<string, Uint8Array> = {
      F64: new Uint8Array(Float64Array.of(1.5, -2, Infinity).buffer),
      F16: new Uint8Array(Uint16Array.of(0x3e00, 0xc000, 0x7c00).buffer),
      BF16: new Uint8Array(Uint16Array.of(0x3fc0, 0xc000, 0x7f80).buffer),
    }
    for (const [dtype, data] of Object.entries(values)) {
      const bytes = fileOf({ a: entry(0, data.length, [3], dtype) }, 0)
      const [read] = decodeSafetensors(Buffer.concat([bytes, data]), 'x').tensors
      expect([read?.dtype, ...(read?.data ?? [])]).toEqual([dtype, 1.5, -2, Infinity])
    }
  })

  it('reads the halves that have no leading bit', () => {
    const bytes = fileOf({ a: entry(0, 4, [2], 'F16') }, 0)
    const [read] = decodeSafetensors(Buffer.concat([bytes, Buffer.from([1, 0, 0xff, 0x83])]), 'x').tensors
    expect([...(read?.data ?? [])]).toEqual([2 ** -24, -1023 * 2 ** -24])
  })

  it.each<[string, Uint8Array, string]>([
    ['an empty file', Buffer.alloc(0), 'checkpoint-cut-short'],
    ['half a length', Buffer.alloc(5), 'checkpoint-cut-short'],
    ['a header longer than the file', Buffer.from([100, 0, 0, 0, 0, 0, 0, 0, 0x7b]), 'checkpoint-cut-short'],
    ['a header longer than any', Buffer.alloc(20, 0xff), 'checkpoint-malformed'],
    ['a header above the limit', Buffer.from([1, 0xe1, 0xf5, 5, 0, 0, 0, 0]), 'checkpoint-malformed'],
    ['no JSON', fileOf('{"a":', 0), 'checkpoint-malformed'],
    ['a list', fileOf('[]', 0), 'checkpoint-malformed'],
    ['text before the JSON', fileOf(' {}', 0), 'checkpoint-malformed'],
    ['deep nesting', fileOf(`{"a":${'['.repeat(200_000)}`, 0), 'checkpoint-malformed'],
    ['bytes that are no UTF-8', Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff]), 'checkpoint-malformed'],
    ['an entry without offsets', fileOf({ a: { dtype: 'F32', shape: [1] } }, 4), 'checkpoint-malformed'],
    ['a negative length', fileOf({ a: entry(0, 4, [-1]) }, 4), 'checkpoint-malformed'],
    ['a length that is no integer', fileOf({ a: entry(0, 4, [0.5, 2]) }, 4), 'checkpoint-malformed'],
    [
      'more dimensions than any',
      fileOf({ a: entry(0, 4, Array<number>(65).fill(1)) }, 4),
      'checkpoint-malformed',
    ],
    ['a shape for more values', fileOf({ a: entry(0, 4, [2]) }, 4), 'checkpoint-malformed'],
    ['a shape beyond all numbers', fileOf({ a: entry(0, 4, [2 ** 52, 2 ** 52]) }, 4), 'checkpoint-malformed'],
    ['offsets the wrong way round', fileOf({ a: entry(4, 0, [1]) }, 4), 'checkpoint-malformed'],
    ['an overlap', fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12), 'checkpoint-malformed'],
    ['the same bytes twice', fileOf({ a: entry(0, 8), b: entry(0, 8) }, 8), 'checkpoint-malformed'],
    ['a gap', fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12), 'checkpoint-malformed'],
    ['a gap at the start', fileOf({ a: entry(4, 8) }, 8), 'checkpoint-malformed'],
    ['bytes behind the last', fileOf({ a: entry(0, 4) }, 5), 'checkpoint-malformed'],
    ['values beyond the end', fileOf({ a: entry(0, 8) }, 7), 'checkpoint-cut-short'],
    ['values far beyond the end', fileOf({ a: entry(0, 2 ** 50, [2 ** 48]) }, 4), 'checkpoint-cut-short'],
    ['an unknown type', fileOf({ a: entry(0, 8, [1], 'I64') }, 8), 'tensor-type-unreadable'],
    ['integers of another length', fileOf({ a: entry(0, 8, [2], 'I64') }, 8), 'checkpoint-malformed'],
    [
      'a type that every object has',
      fileOf({ a: entry(0, 8, [2], 'constructor') }, 8),
      'tensor-type-unreadable',
    ],
    ['metadata that is a list', fileOf({ __metadata__: ['a'] }, 0), 'checkpoint-malformed'],
    ['metadata that is no text', fileOf({ __metadata__: { a: 1 } }, 0), 'checkpoint-malformed'],
  ])('refuses %s', async (_, bytes, code) => {
    const error = await errorOf(() => decodeSafetensors(bytes, 'some.safetensors'))
    expect([error.code, 'file' in error.params && error.params.file]).toEqual([code, 'some.safetensors'])
  })

  it('names the tensor and the type that it cannot read', async () => {
    const error = await errorOf(() => decodeSafetensors(fileOf({ steps: entry(0, 8, [1], 'I64') }, 8), 'x'))
    expect(error.params).toMatchObject({
      tensor: 'steps',
      type: 'I64',
      known: 'F32, F64, F16, BF16',
    })
  })

  it('reads or refuses any changed file, and does nothing else', () => {
    const whole = encodeSafetensors([tensor('a.weight', 3, 2), tensor('a.bias', 3)], { note: 'x' })
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) })
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(whole.length),
        (changes, length) => {
          const bytes = Uint8Array.from(whole)
          for (const { at, byte } of changes) bytes[at] = byte
          for (const candidate of [bytes, bytes.subarray(0, length)]) {
            try {
              for (const { data, shape } of decodeSafetensors(candidate, 'x').tensors) {
                expect(data.length).toBe(shape.reduce((product, size) => product * size, 1))
              }
            } catch (error) {
              expect(error).toBeInstanceOf(LabError)
            }
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})
