/** Helpers for the tests of datasets: temporary folders, errors as messages, and a decoder of plain bitmaps. */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { onTestFinished } from 'vitest'
import { toErrorMessage, type ErrorMessage } from '../../../src/contract/errors'
import type { DecodedImage } from '../../../src/data/image-folder'

/** An empty folder, removed after the test. */
export async function newFolder(): Promise<string> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'dalab-data-'))
  onTestFinished(() => fs.rm(folder, { recursive: true }))
  return folder
}

/** The error of an action, in the form that crosses process boundaries. */
export async function refusalOf(act: () => unknown): Promise<ErrorMessage> {
  try {
    await act()
  } catch (error) {
    return toErrorMessage(error)
  }
  throw new Error('was not refused')
}

/** The part of a BMP header that readers use; its last two bytes give the bits per pixel. */
export function bitmapHeader(width: number, height: number, channels = 1): Buffer {
  const header = Buffer.alloc(30)
  header.write('BM')
  header.writeInt32LE(width, 18)
  header.writeInt32LE(height, 22)
  header.writeUInt16LE(8 * channels, 28)
  return header
}

/** A small test image: the header above, followed by `[height, width, 1 or 3]` bytes. */
export function bitmap(width: number, height: number, pixels: readonly number[]): Buffer {
  const channels = pixels.length / (width * height)
  return Buffer.concat([bitmapHeader(width, height, channels), Buffer.from(pixels)])
}

export async function decodeBitmap(bytes: Uint8Array): Promise<DecodedImage> {
  const header = Buffer.from(bytes).subarray(0, 30)
  const [width, height, channels] = [
    header.readInt32LE(18),
    header.readInt32LE(22),
    header.readUInt16LE(28) / 8,
  ]
  const pixels = bytes.subarray(header.length)
  if (pixels.length !== width * height * channels) throw new Error('cut short')
  return { width, height, channels, pixels }
}
