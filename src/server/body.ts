/** Reads request bodies up to a size limit. */
import { promises as fs } from 'fs'
import type { IncomingMessage } from 'http'
import { Transform, type Readable } from 'stream'
import { pipeline } from 'stream/promises'
import { fileError } from '../files/file-error'

/** Thrown when a body exceeds its limit; the connection cannot be used further. */
export class BodyTooLong extends Error {}

/** Thrown when no data of a body has arrived for `maxSilence` ms. */
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
 * Writes the whole body into a new file, at most `most` bytes; an incomplete file is removed.
 * @throws `already-there`, `disk-full` and other errors of the system, each with the path
 */
export async function readInto(request: Readable, path: string, most: number): Promise<void> {
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
