/** The complete lines of a file that may end in the middle of one. */
import { createReadStream } from 'fs'

export interface WrittenLine {
  /** Without its line feed. */
  readonly text: string
  /** Offset of the byte after its line feed. */
  readonly end: number
}

const [lineFeed, quote] = [0x0a, 0x22]

/** @param quotes whether a line feed between quotes belongs to a line */
export async function* writtenLines(file: string, quotes: boolean): AsyncGenerator<WrittenLine> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  for await (const chunk of createReadStream(file)) {
    // The quotes of a line that is not complete yet are counted again with the next chunk: lines are short.
    const bytes = Buffer.concat([rest, chunk as Buffer])
    let start = 0
    let isOpen = false
    for (let at = 0; at < bytes.length; at++) {
      if (quotes && bytes[at] === quote) isOpen = !isOpen
      if (bytes[at] !== lineFeed || isOpen) continue
      yield { text: bytes.toString('utf8', start, at), end: offset + at + 1 }
      start = at + 1
    }
    offset += start
    rest = bytes.subarray(start)
  }
}
