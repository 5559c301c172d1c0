/** Safetensors files as other programs write them, with tensors of any type. */

/** Values as stored; `dtype` is the name in the format. */
export interface RawTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

interface Values {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export type RawTensors = Readonly<Record<string, RawTensor>>

export function weightFile(tensors: RawTensors, metadata?: Readonly<Record<string, string>>): Uint8Array {
  let end = 0
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const begin = end
    end += bytes.length
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const
  })
  const all = metadata === undefined ? entries : [['__metadata__', metadata] as const, ...entries]
  const header = Buffer.from(JSON.stringify(Object.fromEntries(all)))
  const length = Buffer.alloc(8)
  length.writeUInt32LE(header.length)
  return Buffer.concat([length, header, ...Object.values(tensors).map(({ bytes }) => bytes)])
}

const bytesOf = (values: ArrayBufferView) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

const upperHalf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16

/** Half precision, for values within its normal range; others become 0. The last bits are cut off. */
function half(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15
  return exponent <= 0 || exponent >= 31
    ? 0
    : ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 0x3ff)
}

const encoders = {
  F32: (data: Float32Array) => bytesOf(data),
  F64: (data: Float32Array) => bytesOf(Float64Array.from(data)),
  F16: (data: Float32Array) => bytesOf(Uint16Array.from(data, half)),
  BF16: (data: Float32Array) => bytesOf(Uint16Array.from(data, upperHalf)),
}

/** The same tensors in another type, under names given by `rename`. */
export function rawTensors(
  tensors: readonly Values[],
  dtype: keyof typeof encoders = 'F32',
  rename: (name: string) => string = (name) => name,
): RawTensors {
  return Object.fromEntries(
    tensors.map(({ name, shape, data }) => [rename(name), { dtype, shape, bytes: encoders[dtype](data) }]),
  )
}

/** A scalar: PyTorch stores counters of this type. */
export const int64 = (value: bigint): RawTensor => ({
  dtype: 'I64',
  shape: [],
  bytes: bytesOf(BigInt64Array.of(value)),
})
