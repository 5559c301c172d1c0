/** Converts colour to grey and back. */
import type { Picture } from './picture'

/** Luma of ITU-R BT.601: the perceived brightness of red, green and blue. */
const luma = [0.299, 0.587, 0.114] as const

function toGrey({ width, height, values }: Picture): Picture {
  const grey = new Float32Array(width * height)
  for (let i = 0; i < grey.length; i++) {
    const red = values[3 * i] ?? 0
    const green = values[3 * i + 1] ?? 0
    const blue = values[3 * i + 2] ?? 0
    grey[i] = luma[0] * red + luma[1] * green + luma[2] * blue
  }
  return { width, height, channels: 1, values: grey }
}

function toRgb({ width, height, values }: Picture): Picture {
  const rgb = new Float32Array(3 * width * height)
  for (let i = 0; i < values.length; i++) rgb.fill(values[i] ?? 0, 3 * i, 3 * i + 3)
  return { width, height, channels: 3, values: rgb }
}

/** The picture with one channel (luma) or three (grey repeated). */
export function withChannels(picture: Picture, channels: 1 | 3): Picture {
  if (picture.channels === channels) return picture
  return channels === 1 ? toGrey(picture) : toRgb(picture)
}
