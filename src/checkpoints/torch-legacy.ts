/**
 * The format that torch.save wrote before PyTorch 1.6: five pickles one after another (a magic number, the version of
 * the format, the machine, the object, the keys of the storages), then each storage in the order of its keys: the
 * number of its values in 8 bytes, and the values.
 */
import type { ByteSource } from '../files/byte-source'
import { isList, textOf, unpickle, type Pickled } from './pickle'
import { valueBytes } from './safetensors'
import { torchMalformed, type TorchRules } from './torch-pickle'
import type { Extent } from './torch-zip'

/** The magic number's pickle after the bytes of its protocol. */
const magic = Buffer.from('8a0a6cfc9c46f9206aa850192e', 'hex')
/** Protocol 4 puts a frame's length of 9 bytes before it. */
const magicOffsets = [2, 11]
const version = 1001
const countBytes = 8

/** Where the magic number's pickle ends; null if this is no file of this format. */
export function endOfMagic(head: Buffer): number | null {
  const at = magicOffsets.find((offset) => head.subarray(offset, offset + magic.length).equals(magic))
  return at === undefined ? null : at + magic.length
}

export interface TorchStream {
  readonly value: Pickled
  /** The place of each storage, by its key. */
  readonly storages: ReadonlyMap<string, Extent>
}

/**
 * @param head the beginning of the file, with all of its pickles
 * @param start where the magic number's pickle ends
 * @throws `torch-malformed`, and the errors of the rules
 */
export async function readTorchStream(
  source: ByteSource,
  head: Buffer,
  start: number,
  rules: TorchRules,
  file: string,
): Promise<TorchStream> {
  let at = start
  const next = (): Pickled => {
    const { value, end } = unpickle(head.subarray(at), rules)
    at += end
    return value
  }
  if (next() !== version) throw torchMalformed(file, 'version-unknown', `0x${start.toString(16)}`)
  const machine = next()
  if (machine instanceof Map && (machine as ReadonlyMap<string, Pickled>).get('little_endian') === false)
    throw torchMalformed(file, 'big-endian', 'little_endian')
  const value = next()
  const keys = next()
  return { value, storages: await placesOf(source, keys, at, rules, file) }
}

async function placesOf(
  source: ByteSource,
  keys: Pickled,
  start: number,
  { storages }: TorchRules,
  file: string,
): Promise<ReadonlyMap<string, Extent>> {
  const places = new Map<string, Extent>()
  let at = start
  for (const key of isList(keys) ? keys : []) {
    const storage = storages.get(textOf(key) ?? '')
    if (storage === undefined || places.has(storage.key))
      throw torchMalformed(file, 'storage-missing', 'keys')
    const count = await source.read(at, countBytes)
    if (count.length < countBytes) throw torchMalformed(file, 'cut-short', `0x${at.toString(16)}`)
    const values = count.readUInt32LE(0) + count.readUInt32LE(4) * 2 ** 32
    if (values !== storage.count) throw torchMalformed(file, 'length-misfit', storage.key)
    const length = values * (valueBytes(storage.dtype) ?? 0)
    places.set(storage.key, { at: at + countBytes, length })
    at += countBytes + length
  }
  return places
}
