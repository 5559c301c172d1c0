/** IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. */

function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** `[2 ** 16]`: the value of each pattern of bits. */
let table: Float32Array | null = null

/** The numbers that these bits stand for; each of them is exact. */
export function float16s(bits: Uint16Array): Float32Array {
  const values = (table ??= Float32Array.from({ length: 2 ** 16 }, (_, pattern) => float16(pattern)))
  const numbers = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) numbers[i] = values[bits[i] ?? 0] ?? 0
  return numbers
}
