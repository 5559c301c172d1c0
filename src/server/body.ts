/** Request bodies, bounded. */
import { promises as fs } from 'fs'
import type { IncomingMessage } from 'http'
import { Transform } from 'stream'
import { pipeline } from 'stream/promises'
import { fileError } from '../files/file-error'

/** Thrown when a body is longer than its limit; the connection is of no further use then. */
export class BodyTooLong extends Error {}

/** Thrown when nothing more of a body came for so long that nothing is to be waited for. */
export class BodyStalled extends Error {}

const maxSilence = 10_000

function limited(most: number): Transform {
  let seen = 0
  const stall = () => body.destroy(new BodyStalled())
  const silence = setTimeout(stall, maxSilence)
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      silence.refresh()
      seen += chunk.length
      if (seen > most) done(new BodyTooLong())
      else done(null, chunk)
    },
  })
  body.once('close', () => clearTimeout(silence))
  return body
}

/** The whole body as text, at most `most` bytes. */
export async function readText(request: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = []
  await pipeline(request, limited(most), async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) chunks.push(chunk)
  })
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * The whole body into a new file, at most `most` bytes; of one that does not come whole, nothing stays.
 * @throws `already-there`, `disk-full` and what else the system says, each with the path
 */
export async function readInto(request: IncomingMessage, path: string, most: number): Promise<void> {
  const file = await fs.open(path, 'wx').catch((problem: unknown) => {
    throw fileError(problem, path)
  })
  try {
    await pipeline(request, limited(most), file.createWriteStream())
  } catch (problem) {
    await fs.unlink(path)
    throw fileError(problem, path)
  }
}
