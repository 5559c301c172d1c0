/** Reading a whole file that anyone may have made, with a limit on what it may take. */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'

const megabyte = 2 ** 20

/**
 * The bytes of a file of at most `most` bytes. A device or a pipe has no end, or waits for one: it is not read.
 * @throws `file-too-large`, `file-unreadable`, and what the system says
 */
export async function readBounded(path: string, most: number): Promise<Buffer> {
  const stat = await fs.stat(path)
  if (!stat.isFile() && !stat.isDirectory()) {
    throw labError('file-unreadable', { file: path, problem: 'a-device' })
  }
  if (stat.size > most) {
    const megabytes = Math.ceil(stat.size / megabyte)
    throw labError('file-too-large', { file: path, megabytes, most: Math.floor(most / megabyte) })
  }
  return fs.readFile(path)
}
