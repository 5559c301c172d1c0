/** Opens a file of weights of another program: safetensors, or one of torch.save. Which of them its bytes say. */
import { labError } from '../contract/errors'
import { openFile, type ByteSource } from '../files/byte-source'
import { fileError } from '../files/file-error'
import { refuseUnbounded } from '../files/read'
import { decodeHeader, decodeTensor } from './safetensors'
import { beginsLikeTorch, openTorchFile, type WeightsFile } from './torch-file'

/** A training program's file, with the state of its optimiser and averages of the weights, has a few hundred MB. */
const maxBytes = 2 ** 32
/** All of a safetensors file is read; the weights of a ResNet-50 have 102 MB. */
const maxSafetensorsBytes = 2 ** 29
const headBytes = 16
/** The first byte after the length of a safetensors header. */
const braceAt = 8

/**
 * Passes an opened file to `use` and closes it afterwards.
 * @throws `file-not-found`, `no-permission`, `file-too-large`, `file-unreadable`, `weights-format-unknown`, what reading
 * a safetensors header throws, and what `openTorchFile` throws
 */
export async function withWeights<T>(path: string, use: (weights: WeightsFile) => Promise<T>): Promise<T> {
  const source = await openRegular(path)
  try {
    return await use(await openWeights(source, path))
  } finally {
    await source.close()
  }
}

async function openRegular(path: string): Promise<ByteSource> {
  try {
    await refuseUnbounded(path, maxBytes)
    return await openFile(path)
  } catch (problem) {
    throw fileError(problem, path)
  }
}

async function openWeights(source: ByteSource, path: string): Promise<WeightsFile> {
  const head = await readFrom(source, headBytes, path)
  if (beginsLikeTorch(head)) return openTorchFile(source, path)
  if (head[braceAt] !== '{'.charCodeAt(0)) throw labError('weights-format-unknown', { file: path })
  await refuseUnbounded(path, maxSafetensorsBytes)
  const bytes = await source.read(0, source.size)
  const header = decodeHeader(bytes, path)
  return {
    entries: header.entries,
    within: null,
    read({ name }) {
      const entry = header.entries.find((one) => one.name === name)
      if (entry === undefined) throw new Error(`the file has no tensor ${name}`)
      return Promise.resolve(decodeTensor(bytes, header, entry, path))
    },
  }
}

/** Opening a folder succeeds, reading it does not. */
async function readFrom(source: ByteSource, length: number, path: string): Promise<Buffer> {
  try {
    return await source.read(0, length)
  } catch (problem) {
    throw fileError(problem, path)
  }
}
