/** What the tests of datasets share: folders of their own, refusals as messages, and a decoder of plain PGM and PPM. */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { onTestFinished } from 'vitest'
import { toErrorMessage, type ErrorMessage } from '../../../src/contract/errors'
import type { DecodedImage } from '../../../src/data/image-folder'

/** An empty folder that is gone after the test. */
export async function newFolder(): Promise<string> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'dalab-data-'))
  onTestFinished(() => fs.rm(folder, { recursive: true }))
  return folder
}

/** The error that an action is refused with, as it would cross a process boundary. */
export async function refusalOf(act: () => unknown): Promise<ErrorMessage> {
  try {
    await act()
  } catch (error) {
    return toErrorMessage(error)
  }
  throw new Error('was not refused')
}

/** A binary PGM (one channel) or PPM (three). */
export function netpbm(width: number, height: number, pixels: readonly number[]): Buffer {
  const kind = pixels.length === width * height ? 'P5' : 'P6'
  return Buffer.concat([Buffer.from(`${kind}\n${width} ${height}\n255\n`), Buffer.from(pixels)])
}

export async function decodeNetpbm(bytes: Uint8Array): Promise<DecodedImage> {
  const header = /^(P5|P6)\n(\d+) (\d+)\n255\n/.exec(Buffer.from(bytes).toString('latin1'))
  if (header === null) throw new Error('neither PGM nor PPM')
  const [text, kind, width, height] = header
  const channels = kind === 'P5' ? 1 : 3
  const pixels = bytes.subarray(text.length)
  if (pixels.length !== Number(width) * Number(height) * channels) throw new Error('cut short')
  return { width: Number(width), height: Number(height), channels, pixels }
}
