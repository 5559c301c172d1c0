/**
 * Mutations of valid files: of bytes, text and JSON values. They are drawn from a seeded stream and can be repeated.
 */
import type { Random } from '../../src/data/random'

export const pick = <T>(random: Random, from: readonly T[]): T => from[random.integer(from.length)] as T

/** Integers that often cause errors in lengths, offsets and counts. */
const edges = [
  0, 1, 2, 3, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
]

/** A random range of `bytes` with at most `most` bytes. */
function span(bytes: Buffer, random: Random, most: number): [number, number] {
  const start = random.integer(bytes.length + 1)
  return [start, Math.min(bytes.length, start + random.integer(most + 1))]
}

type ByteChange = (bytes: Buffer, random: Random) => Buffer

const byteChanges: readonly ByteChange[] = [
  (bytes, random) => {
    const at = random.integer(bytes.length)
    bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << random.integer(8)), at)
    return bytes
  },
  (bytes, random) => {
    bytes.writeUInt8(random.integer(256), random.integer(bytes.length))
    return bytes
  },
  (bytes, random) => {
    const width = Math.min(bytes.length, pick(random, [1, 2, 4, 6]))
    const at = random.integer(bytes.length - width + 1)
    const value = pick(random, [...edges, bytes.length, bytes.length - 1]) % 2 ** (8 * width)
    if (random.integer(2) === 0) bytes.writeUIntLE(value, at, width)
    else bytes.writeUIntBE(value, at, width)
    return bytes
  },
  (bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1)),
  (bytes, random) => {
    const more = Array.from({ length: 1 + random.integer(64) }, () => random.integer(256))
    return Buffer.concat([bytes, Buffer.from(more)])
  },
  (bytes, random) => {
    const [start, end] = span(bytes, random, 64)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
  },
  (bytes, random) => {
    const [start, end] = span(bytes, random, 256)
    const repeated = Array.from({ length: 1 + random.integer(4) }, () => bytes.subarray(start, end))
    return Buffer.concat([bytes.subarray(0, start), ...repeated, bytes.subarray(start)])
  },
  (bytes, random) => {
    const [start, end] = span(bytes, random, 64)
    return bytes.fill(pick(random, [0x00, 0x20, 0x7f, 0xff]), start, end)
  },
]

/** A copy with a few successive changes. */
export function mutateBytes(original: Uint8Array, random: Random): Buffer {
  let bytes = Buffer.from(original)
  for (let left = 1 + random.integer(4); left > 0 && bytes.length > 0; left--) {
    bytes = Buffer.from(pick(random, byteChanges)(bytes, random))
  }
  return bytes
}

const hostileTexts = [
  '{',
  '[',
  '"',
  ':',
  ',',
  '\\u0000',
  '\\ud800',
  '1e999',
  '-1',
  '-0',
  '0.5',
  '9007199254740993',
  '18446744073709551616',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '"__proto__":{"x":1},',
  '\ufeff',
  '\u0000',
  '(1,' + '9,'.repeat(40) + ')',
  '['.repeat(3000),
  '{"a":'.repeat(3000),
]

/** Text with a changed number, part or character. */
export function mutateText(text: string, random: Random): string {
  const at = random.integer(text.length + 1)
  switch (random.integer(4)) {
    case 0: {
      const numbers = [...text.matchAll(/\d+/g)]
      const found = numbers.length === 0 ? undefined : pick(random, numbers)
      if (found === undefined) return text + pick(random, hostileTexts)
      const value = pick(random, [...edges.map(String), '9007199254740993', '1e400', '-1', '0.5', ''])
      return text.slice(0, found.index) + value + text.slice(found.index + found[0].length)
    }
    case 1:
      return text.slice(0, at) + pick(random, hostileTexts) + text.slice(at)
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + random.integer(30))
    default:
      return mutateBytes(Buffer.from(text), random).toString('utf8')
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let left = depth; left > 0; left--) value = left % 2 === 0 ? [value] : { a: value }
  return value
}

const hostileValues = (random: Random): unknown =>
  pick<() => unknown>(random, [
    () => null,
    () => true,
    () => -1,
    () => 0.5,
    () => 1e308,
    () => pick(random, edges),
    () => Number.MAX_SAFE_INTEGER,
    () => '',
    () => 'x'.repeat(5000),
    () => '../../etc/passwd',
    () => '\u0000',
    () => [],
    () => ({}),
    () => nested(2000),
    () => Array.from({ length: 2000 }, (_, index) => index),
    () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as unknown,
  ])()

type Container = Record<string, unknown> | unknown[]

function containersIn(value: unknown): Container[] {
  if (typeof value !== 'object' || value === null) return []
  const container = value as Container
  return [container, ...Object.values(container).flatMap(containersIn)]
}

/** JSON with a changed value, or with a removed, repeated or additional member. The result is valid JSON. */
export function mutateJson(json: string, random: Random): string {
  const root = { root: JSON.parse(json) as unknown }
  const container = pick(random, containersIn(root)) as Record<string, unknown>
  const keys = Object.keys(container)
  const key = keys.length === 0 ? 'extra' : pick(random, keys)
  switch (random.integer(5)) {
    case 0:
      if (container !== root) Reflect.deleteProperty(container, key)
      break
    case 1:
      Reflect.set(container, pick(random, ['extra', '__proto__x', 'constructor', '']), hostileValues(random))
      break
    case 2:
      return JSON.stringify(root.root).replace(
        /"(\w+)":/,
        (member, name: string) => `"${name}":null,${member}`,
      )
    default:
      Reflect.set(container, key, hostileValues(random))
  }
  return JSON.stringify(root.root)
}
