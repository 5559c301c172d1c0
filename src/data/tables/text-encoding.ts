/** The text of a file, whatever its encoding: UTF-8, UTF-16 or GBK. */
import { labError } from '../../contract/errors'

export interface DecodedText {
  readonly text: string
  /** Null for UTF-8. */
  readonly encoding: 'UTF-16' | 'GBK' | null
}

const sampleBytes = 4096

/** UTF-16 without a mark: of Latin letters and digits, every other byte is zero. */
function plainUtf16(bytes: Uint8Array): 'little' | 'big' | null {
  const length = Math.min(bytes.length, sampleBytes) & ~1
  let [even, odd] = [0, 0]
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even += 1
    if (bytes[i + 1] === 0) odd += 1
  }
  const most = length / 2
  if (odd > 0.4 * most && even === 0) return 'little'
  return even > 0.4 * most && odd === 0 ? 'big' : null
}

function utf16(bytes: Buffer, order: 'little' | 'big'): string {
  if (order === 'little') return bytes.toString('utf16le')
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')
}

/**
 * Whether the bytes that are not ASCII come in pairs of GB2312, the part of GBK with the usual characters. Latin
 * letters with accents hardly ever stand in pairs.
 */
function isGbk(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const first = bytes[i] ?? 0
    if (first < 0x80) continue
    const second = bytes[i + 1] ?? 0
    if (first < 0xa1 || first > 0xf7 || second < 0xa1 || second > 0xfe) return false
    i += 1
  }
  return true
}

/** A character that stands for bytes which are no UTF-8, but that a text may also hold. */
const replacement = '\ufffd'

/** Throws `text-encoding-unknown`. */
export function decodeText(bytes: Buffer, file: string): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: utf16(bytes.subarray(2), 'little'), encoding: 'UTF-16' }
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: utf16(bytes.subarray(2), 'big'), encoding: 'UTF-16' }
  const order = plainUtf16(bytes)
  if (order !== null) return { text: utf16(bytes, order), encoding: 'UTF-16' }
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const text = bytes.toString('utf8', hasMark ? 3 : 0)
  if (!text.includes(replacement)) return { text, encoding: null }
  if (isGbk(bytes)) return { text: new TextDecoder('gbk').decode(bytes), encoding: 'GBK' }
  throw labError('text-encoding-unknown', { file })
}
