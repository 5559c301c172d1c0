/** Reads the literals that headers of NumPy's files are made of: dicts, tuples, lists, texts, whole numbers, booleans. */

export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>

/** Structured types are lists of tuples of lists; more levels than this are no header. */
const maxDepth = 16

/** Thrown within this file only. */
class NoLiteral extends Error {}

const words: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null }

/** A number with Python 2's `L`. */
const numberPattern = /-?\d{1,16}(?!\d)L?/y
const wordPattern = /[A-Za-z]{1,5}/y
const blank = /\s*/y

class Reader {
  private at = 0

  constructor(private readonly text: string) {}

  whole(): Literal {
    const value = this.value(0)
    this.skipBlank()
    if (this.at !== this.text.length) throw new NoLiteral()
    return value
  }

  private skipBlank(): void {
    blank.lastIndex = this.at
    blank.exec(this.text)
    this.at = blank.lastIndex
  }

  private takes(sign: string): boolean {
    this.skipBlank()
    if (this.text[this.at] !== sign) return false
    this.at += 1
    return true
  }

  private matched(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found === null) return null
    this.at = pattern.lastIndex
    return found[0]
  }

  private value(depth: number): Literal {
    if (depth > maxDepth) throw new NoLiteral()
    this.skipBlank()
    const sign = this.text[this.at]
    if (sign === '{') return this.dict(depth)
    if (sign === '(') return this.tuple(depth)
    if (sign === '[') return this.list('[', ']', depth).values
    if (sign === "'" || sign === '"') return this.quoted(sign)
    // Python 2 writes u'...' and b'...'.
    if ((sign === 'u' || sign === 'b') && /['"]/.test(this.text[this.at + 1] ?? '')) {
      this.at += 1
      return this.quoted(this.text[this.at] ?? '')
    }
    const number = this.matched(numberPattern)
    if (number !== null) return parseInt(number, 10)
    const word = this.matched(wordPattern)
    if (word === null || !Object.prototype.hasOwnProperty.call(words, word)) throw new NoLiteral()
    return words[word] ?? null
  }

  private quoted(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1)
    const value = this.text.slice(this.at + 1, end)
    if (end < 0 || value.includes('\\')) throw new NoLiteral()
    this.at = end + 1
    return value
  }

  /** Values between two signs, with a comma between them and perhaps after them. */
  private list(open: string, close: string, depth: number): { values: Literal[]; comma: boolean } {
    if (!this.takes(open)) throw new NoLiteral()
    const values: Literal[] = []
    let comma = true
    while (!this.takes(close)) {
      if (!comma) throw new NoLiteral()
      values.push(this.value(depth + 1))
      comma = this.takes(',')
    }
    return { values, comma: comma && values.length > 0 }
  }

  /** Brackets around one value without a comma are no tuple. */
  private tuple(depth: number): Literal {
    const { values, comma } = this.list('(', ')', depth)
    return values.length === 1 && !comma ? (values[0] ?? null) : values
  }

  private dict(depth: number): Literal {
    if (!this.takes('{')) throw new NoLiteral()
    const fields = new Map<string, Literal>()
    let comma = true
    while (!this.takes('}')) {
      const key = comma ? this.value(depth + 1) : null
      if (typeof key !== 'string' || fields.has(key) || !this.takes(':')) throw new NoLiteral()
      fields.set(key, this.value(depth + 1))
      comma = this.takes(',')
    }
    return fields
  }
}

/** Undefined if the text is no literal of these kinds. */
export function parseLiteral(text: string): Literal | undefined {
  try {
    return new Reader(text).whole()
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  }
}
