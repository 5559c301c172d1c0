/** Reads files of unknown origin, up to a size limit. */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'

const megabyte = 2 ** 20

/**
 * Refuses files that are too large, and devices and pipes, which may be endless or block.
 * @throws `file-too-large`, `file-unreadable`, and the system's errors
 */
export async function refuseUnbounded(path: string, most: number): Promise<void> {
  const stat = await fs.stat(path)
  if (!stat.isFile() && !stat.isDirectory()) {
    throw labError('file-unreadable', { file: path, problem: 'a-device' })
  }
  if (stat.size > most) {
    const megabytes = Math.ceil(stat.size / megabyte)
    throw labError('file-too-large', { file: path, megabytes, most: Math.floor(most / megabyte) })
  }
}

/**
 * The bytes of a file of at most `most` bytes.
 * @throws what `refuseUnbounded` throws
 */
export async function readBounded(path: string, most: number): Promise<Buffer> {
  await refuseUnbounded(path, most)
  return fs.readFile(path)
}
