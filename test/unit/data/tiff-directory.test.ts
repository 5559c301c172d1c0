import { describe, expect, it } from 'vitest'
import { tiffDirectory } from '../../../src/data/image-kinds/tiff-directory'

describe('a TIFF directory', () => {
  it('takes no more numbers of a tag than an image needs', () => {
    const count = 2 ** 22 + 1
    const bytes = Buffer.alloc(26 + count, 7)
    bytes.write('II*\0\x08\0\0\0\x01\0', 'latin1')
    bytes.writeUInt16LE(256, 10)
    bytes.writeUInt16LE(1, 12)
    bytes.writeUInt32LE(count, 14)
    bytes.writeUInt32LE(26, 18)
    const directory = tiffDirectory(bytes)
    expect(directory?.number(256)).toBe(7)
    expect(directory?.numbers(256)?.length).toBe(2 ** 22)
  })
})
