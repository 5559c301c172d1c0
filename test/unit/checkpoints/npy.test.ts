import { execFileSync } from 'child_process'
import { promises as fs, readdirSync, readFileSync } from 'fs'
import { join } from 'path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNpyDict, encodeNpyDict } from '../../../src/checkpoints/npy'
import { unpickle } from '../../../src/checkpoints/pickle'
import { LabError } from '../../../src/contract/errors'
import { bits, emptyFolder, errorOf, tensor, tensorLists } from './samples'

const folder = join(__dirname, '../../fixtures/npy')

function fixture(name: string): Uint8Array {
  return readFileSync(join(folder, `${name}.npy`))
}

const arrays = [
  { name: 'fc1.weight', shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
  { name: 'fc1.bias', shape: [2], data: Float32Array.of(-1.5, 2.25) },
]

/** A pickle with a header, both as written by numpy. */
function npyOf(pickle: string): Uint8Array {
  const saved = Buffer.from(fixture('saved'))
  return Buffer.concat([saved.subarray(0, 10 + saved.readUInt16LE(8)), Buffer.from(pickle, 'latin1')])
}

describe('a dict of arrays that numpy saved', () => {
  it.each([
    'saved',
    'protocol-2',
    'protocol-3',
    'protocol-4',
    'protocol-5',
    'bytes-keys',
    'ordered',
    'float64',
    'big-endian',
    'fortran',
    'fortran-5',
  ])('is read: %s', (name) => {
    expect(decodeNpyDict(fixture(name), name)).toEqual(arrays)
  })

  it.each([
    ['calls-system', 'posix.system'],
    ['calls-eval', '__builtin__.eval'],
  ])('is refused where it calls anything else: %s', async (name, callable) => {
    const error = await errorOf(() => decodeNpyDict(fixture(name), 'C.npy'))
    expect(error).toMatchObject({ code: 'pickle-forbidden', params: { file: 'C.npy', callable } })
  })

  it.each([
    ['cbuiltins\nexec\n.', 'builtins.exec'],
    ['cnumpy.core.multiarray\nfrombuffer\n.', 'numpy.core.multiarray.frombuffer'],
    ['c__proto__\nconstructor\n.', '__proto__.constructor'],
    ['c\nconstructor\n.', '.constructor'],
    ['\x8c\x02os\x8c\x06system\x93.', 'os.system'],
  ])('names the callable of %j', async (pickle, callable) => {
    const error = await errorOf(() => decodeNpyDict(npyOf(`\x80\x04${pickle}`), 'C.npy'))
    expect(error).toMatchObject({ code: 'pickle-forbidden', params: { callable } })
  })

  it('names no more of a callable than a person can read', async () => {
    const pickle = `\x80\x04c${'a'.repeat(100_000)}\nb\n.`
    const error = await errorOf(() => decodeNpyDict(npyOf(pickle), 'C.npy'))
    expect(error).toMatchObject({ code: 'pickle-forbidden', params: { callable: 'a'.repeat(1000) } })
  })

  it('is refused where it holds torch tensors', async () => {
    expect(await errorOf(() => decodeNpyDict(fixture('torch'), 'MS.npy'))).toMatchObject({
      code: 'pickle-torch',
      params: { file: 'MS.npy' },
    })
  })

  it.each([
    ['integers', 'type-unreadable', 'fc1.weight: i8 ≠ f4, f8'],
    ['no-dict', 'no-dict', 'content'],
    ['plain', 'plain-array', 'header'],
  ])('is refused where it is something else: %s', async (name, problem, place) => {
    expect(await errorOf(() => decodeNpyDict(fixture(name), 'D.npy'))).toMatchObject({
      code: 'pickle-malformed',
      params: { file: 'D.npy', problem, place },
    })
  })

  it.each([
    ['an opcode of protocol 0', 'I1\n.'],
    ['a persistent id', '\x80\x02U\x01xQ.'],
    ['an extension code', '\x80\x02\x82\x01.'],
    ['an instance', '\x80\x02(ios\nsystem\n.'],
    ['protocol 9', '\x80\x09N.'],
    ['a string longer than the file', '\x80\x04X\xff\xff\xff\xffabc.'],
    ['bytes longer than any file', '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.'],
    ['an empty stack', '\x80\x04.'],
    ['no mark', '\x80\x04t.'],
    ['a memo that was never set', '\x80\x04h\x07.'],
    ['a call of what is no function', '\x80\x04N)R.'],
    ['items for what is no dict', '\x80\x04]NNs.'],
    ['a state for what has none', '\x80\x04NNb.'],
    ['no end', '\x80\x04N'],
    ['an integer of 255 bytes', `\x80\x04\x8a\xff${'\x00'.repeat(255)}.`],
  ])('is refused where its pickle has %s', async (_, pickle) => {
    expect((await errorOf(() => decodeNpyDict(npyOf(pickle), 'D.npy'))).code).toBe('pickle-malformed')
  })

  it('is read or refused whatever is changed in it', () => {
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) })
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (file, changes, cut) => {
          const bytes = Uint8Array.from(file)
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte
          for (const candidate of [bytes, bytes.subarray(0, cut % bytes.length)]) {
            try {
              decodeNpyDict(candidate, 'x')
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

describe('unpickle', () => {
  it('reads integers, floats, text, lists and tuples', () => {
    const pickle =
      '\x80\x02(J\xff\xff\xff\xffM\x00\x01\x8a\x02\x00\xffG\x3f\xf8\x00\x00\x00\x00\x00\x00X\x02\x00\x00\x00\xc3\xa9](K\x01K\x02e\x88Nt.'
    const none = () => new Error('not expected') as LabError
    const rules = { callables: {}, persistent: null, forbidden: none, malformed: none }
    expect(unpickle(Buffer.from(`${pickle}rest`, 'latin1'), rules)).toEqual({
      value: [-1, 256, -256, 1.5, 'é', [1, 2], true, null],
      end: pickle.length,
    })
  })
})

describe('an exported dict', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(tensorLists, (tensors) => {
        expect(bits(decodeNpyDict(encodeNpyDict(tensors), 'x'))).toEqual(bits(tensors))
      }),
    )
  })

  it('is, byte for byte, the file that numpy.load was seen to read', async () => {
    const bytes = encodeNpyDict([tensor('fc1.weight', 2, 3), tensor('fc1.bias', 2)])
    expect(Buffer.from(bytes)).toEqual(readFileSync(join(folder, '../exported.npy')))
    // Checked again with numpy if it is installed.
    const python = process.env['DALAB_PEER']
    if (python === undefined || python === '') return
    const file = join(await emptyFolder(), 'C.npy')
    await fs.writeFile(file, bytes)
    const program =
      'import numpy, sys; print({k: v.tolist() for k, v in numpy.load(sys.argv[1], allow_pickle=True).item().items()})'
    const printed = execFileSync(python, ['-W', 'error', '-c', program, file], { encoding: 'utf8' })
    expect(printed).toContain("'fc1.weight': [[-10.0")
  })
})
