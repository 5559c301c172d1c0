/** Reads only the header of a safetensors file, which may be of any size. */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'
import { fileError } from '../files/file-error'
import { unwrapped } from './foreign'
import { lengthBytes, metadataName, maxHeaderBytes } from './safetensors'
import { prefix } from './sealed'
import { baseNetworks } from './shapes'

/**
 * @returns the header's text, not validated; null if no header can be read
 * @throws `file-not-found`, `no-permission`, `not-a-file`
 */
export async function peekHeader(path: string): Promise<string | null> {
  try {
    const { size } = await regularFile(path)
    const file = await fs.open(path, 'r')
    try {
      const start = Buffer.alloc(lengthBytes)
      const { bytesRead } = await file.read(start, 0, lengthBytes, 0)
      const length = start.readUInt32LE(0) + start.readUInt32LE(4) * 2 ** 32
      if (bytesRead < lengthBytes || length > Math.min(size - lengthBytes, maxHeaderBytes)) return null
      const header = Buffer.alloc(length)
      await file.read(header, 0, length, lengthBytes)
      return header.toString('utf8')
    } finally {
      await file.close()
    }
  } catch (problem) {
    throw fileError(problem, path)
  }
}

/** Reading a pipe or a device would block. */
async function regularFile(path: string): Promise<{ size: number }> {
  const stat = await fs.stat(path)
  if (stat.isDirectory()) throw labError('not-a-file', { path })
  if (!stat.isFile()) throw labError('unknown-format', { file: path })
  return stat
}

/** Whether a header is well-formed but names neither the lab nor one of its networks. */
export function isOfAnotherProgram(header: string): boolean {
  try {
    const members = JSON.parse(header) as Readonly<Record<string, unknown>>
    const metadata = Object.keys(members[metadataName] ?? {})
    const names = Object.keys(members).map(unwrapped)
    return ![...names, ...metadata].some(
      (name) => name.startsWith(prefix) || baseNetworks.some((network) => name.startsWith(`${network}.`)),
    )
  } catch {
    return false
  }
}
