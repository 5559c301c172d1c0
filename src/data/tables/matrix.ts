/** The numbers of a table, in as little memory as their values allow. */
import { maxBytes } from '../dataset'
import { tooLarge } from '../file'

/** All numbers of a table, row after row: as bytes as long as they are, and as floats from there on. */
export class Matrix {
  private readonly blocks: (Uint8Array | Float32Array)[] = []
  private readonly blockRows: number
  private row = -1
  /** The block of the present row, and where the row starts in it. */
  private block: Uint8Array | Float32Array = new Uint8Array(0)
  private start = 0

  constructor(private readonly columns: number) {
    this.blockRows = Math.max(1, Math.floor(2 ** 20 / columns))
  }

  startRow(): void {
    this.row += 1
    this.start = (this.row % this.blockRows) * this.columns
    if (this.start > 0) return
    this.block = new Uint8Array(this.blockRows * this.columns)
    this.blocks.push(this.block)
  }

  put(column: number, value: number): void {
    if (this.block instanceof Uint8Array && this.block[this.start + column] !== value) {
      this.block[this.start + column] = value
      if (this.block[this.start + column] === value) return
      this.block[this.start + column] = 0
      this.block = Float32Array.from(this.block)
      this.blocks[this.blocks.length - 1] = this.block
    }
    this.block[this.start + column] = value
  }

  get rows(): number {
    return this.row + 1
  }

  /** `[rows, columns.length]`, as bytes if all blocks are. Blocks are released one after another. */
  take(columns: readonly number[], file: string): Uint8Array | Float32Array {
    const areBytes = this.blocks.every((block) => block instanceof Uint8Array)
    const length = this.rows * columns.length
    if (length * (areBytes ? 1 : 4) > maxBytes) throw tooLarge(file, length * 4)
    const values = areBytes ? new Uint8Array(length) : new Float32Array(length)
    let to = 0
    for (let row = 0; row < this.rows; row++) {
      const block = this.blocks[Math.floor(row / this.blockRows)]
      const start = (row % this.blockRows) * this.columns
      for (const column of columns) values[to++] = block?.[start + column] ?? 0
    }
    return values
  }
}
