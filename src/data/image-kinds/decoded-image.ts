/** What a decoder gives: an image as bytes. */

/** `[height, width, channels]` bytes; channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixels: Uint8Array
}
