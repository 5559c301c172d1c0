import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDatasetName, isTaken, maxNameLength, proposedName } from '../../../src/contract/dataset-name'

/** Any text and typical file names: special characters, other scripts, device names, dots and spaces at the ends. */
const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 90 }),
  fc.constantFrom(
    'con',
    'NUL.txt',
    'com1.',
    '..',
    '.',
    ' ',
    '-',
    '~',
    'a.npz',
    '.npz',
    '形状（照片）',
    '👩‍🔬'.repeat(30),
  ),
)
const path = fc.array(part, { maxLength: 3 }).map((parts) => parts.join('/'))

describe('the name that an import proposes', () => {
  it('is one that the import accepts, whatever the path', () => {
    fc.assert(
      fc.property(path, fc.array(path, { maxLength: 4 }), (file, names) => {
        const taken = [proposedName(file, [], 'dataset'), ...names]
        const name = proposedName(file, taken, 'dataset')
        expect(isDatasetName(name), JSON.stringify(name)).toBe(true)
        expect(isTaken(name, taken)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['/home/ann/Photos of shapes (studio)', 'Photos of shapes (studio)'],
    ['C:\\data\\形状（照片）.npz', '形状（照片）'],
    ['/data/v1.2 photos/', 'v1.2 photos'],
    ['/data/a,b: c?.NPZ', 'a b c'],
    ['/data/..hidden...', 'hidden'],
    ['/data/con', '_con'],
    ['/data/\u202egnp', 'gnp'],
    ['/', 'dataset'],
    [`/data/${'字'.repeat(80)}`, '字'.repeat(maxNameLength)],
  ])('is what the file is called: %s', (file, name) => {
    expect(proposedName(file, [], 'dataset')).toBe(name)
  })

  it('is a free one', () => {
    expect(proposedName('/data/shapes', ['Shapes', 'shapes 2'], 'dataset')).toBe('shapes 3')
    const long = 'x'.repeat(80)
    expect(proposedName(long, ['x'.repeat(maxNameLength)], 'dataset')).toBe(`${'x'.repeat(58)} 2`)
  })
})
