/** Reads a file's bytes one field after another, and never beyond their end. */
import { LabError, labError } from '../../contract/errors'

export type Order = 'little' | 'big'

/** A file's bytes contradict each other or its format. Caught where the file's name is known. */
export class Damaged extends Error {}

/** Turns `Damaged` into the error of the file. */
export async function guarded<T>(file: string, format: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof LabError || !(error instanceof Damaged)) throw error
    throw labError('container-damaged', { file, format })
  }
}

export class Cursor {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
    readonly order: Order = 'little',
  ) {}

  get left(): number {
    return this.bytes.length - this.at
  }

  skip(length: number): this {
    this.take(length)
    return this
  }

  take(length: number): Buffer {
    if (!(length >= 0 && length <= this.left)) throw new Damaged()
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** An unsigned number of 1 to 8 bytes; beyond 2^53 it is rounded. More than six are little-endian. */
  uint(width: number): number {
    if (width < 1) throw new Damaged()
    if (width > 6) {
      const low = this.uint(4)
      return this.uint(width - 4) * 2 ** 32 + low
    }
    const field = this.take(width)
    if (width === 1) return field[0] ?? 0
    return this.order === 'little' ? field.readUIntLE(0, width) : field.readUIntBE(0, width)
  }

  /** Little-endian. */
  uint64(): number {
    return this.uint(8)
  }

  /** Throws `Damaged` if other bytes follow. */
  expect(signature: string): this {
    if (this.take(signature.length).toString('latin1') !== signature) throw new Damaged()
    return this
  }

  text(length: number): string {
    return this.take(length).toString('utf8')
  }
}
