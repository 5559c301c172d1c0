/** One image as numbers in [0, 1], 0 black; the input of framing, colour conversion and shifts. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** `[height, width, channels]`, row after row. */
  readonly values: Float32Array
}
