/**
 * A kind of image file: how it is recognised, what its header states, and how it is decoded. Each is declared in a file
 * of its own and listed once, in registry.ts. The content decides, not the ending of the name.
 */
import type { Size } from '../sizes'
import type { DecodedImage } from './decoded-image'
import { type Orientation, turnedSize } from './orientation'

/** What a file states before it is decoded. Width and height are those of the picture as shown. */
export interface ImageHeader extends Size {
  readonly kind: string
  /** The size as stored, which the decoder gives; `orientation` turns it to the size as shown. */
  readonly stored: Size
  readonly orientation: Orientation
  /** 3: the decoder gives red, green and blue; 1: grey. An alpha channel is not counted. */
  readonly channels: 1 | 3
  /** More than 8 bits a channel, of which the upper 8 are kept. */
  readonly isDeep: boolean
  /** Offset of the end of the first picture; bytes after it are not decoded. */
  readonly end: number
}

/** The decoders of TensorFlow, which src/data must not load itself. */
export interface NativeDecoders {
  png(bytes: Buffer): Promise<DecodedImage>
  /** Width and height are divided by `ratio` and rounded up. */
  jpeg(bytes: Buffer, ratio: Ratio): Promise<DecodedImage>
}

/** What libjpeg can divide the sides by while it decodes. */
export const ratios = [8, 4, 2, 1] as const
export type Ratio = (typeof ratios)[number]

export interface DecodingOptions {
  readonly native: NativeDecoders
  /** A decoder may give a smaller picture, as long as its shorter side is at least this. */
  readonly least: number
}

export interface ImageKind {
  readonly id: string
  /** The name that people know. */
  readonly title: string
  /** Whether these first bytes of a file are of this kind. */
  matches(head: Buffer): boolean
  /** Null if the header is invalid, or if more of the file is needed to read it. */
  header(bytes: Buffer): ImageHeader | null
  /** The picture as stored, not turned. Throws, or rejects with, any error if it cannot be decoded. */
  decode(bytes: Buffer, header: ImageHeader, options: DecodingOptions): DecodedImage | Promise<DecodedImage>
}

export function startsWith(head: Buffer, magic: string, at = 0): boolean {
  return head.toString('latin1', at, at + magic.length) === magic
}

interface Stated extends Size {
  readonly kind: string
  readonly channels: 1 | 3
  readonly orientation?: Orientation
  readonly isDeep?: boolean
  readonly end: number
}

/** A header from the size as stored. */
export function headerFrom({ width, height, orientation = 1, isDeep = false, ...rest }: Stated): ImageHeader {
  const stored = { width, height }
  return { ...rest, ...turnedSize(stored, orientation), stored, orientation, isDeep }
}
