/** Converts images of the contract to canvas pixels. */
import type { Images } from '../../src/contract/dataset'
import { base64Of, bytesOf } from '../format/base64'
import { widthAt12 } from './elide'

const decoded = new WeakMap<Images, Uint8Array>()

/** The pixels of `images`, decoded once: every redraw needs them. */
export function pixelsOf(images: Images): Uint8Array {
  const known = decoded.get(images)
  if (known !== undefined) return known
  const pixels = bytesOf(images.pixels)
  decoded.set(images, pixels)
  return pixels
}

/** Image `index` as RGBA; a grey image gets equal red, green and blue. */
export function rgbaOf(images: Images, pixels: Uint8Array, index: number): ImageData {
  const { width, height, channels } = images
  const area = width * height
  const data = new Uint8ClampedArray(area * 4)
  const from = index * area * channels
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = pixels[from + i * channels + (channels === 1 ? 0 : c)] ?? 0
    data[i * 4 + 3] = 255
  }
  return new ImageData(data, width, height)
}

/** A single image of the list. */
export function imageAt(images: Images, index: number): Images | null {
  const label = images.labels[index]
  if (label === undefined) return null
  const size = images.width * images.height * images.channels
  const own = pixelsOf(images).subarray(index * size, (index + 1) * size)
  return { ...images, labels: [label], pixels: base64Of(own) }
}

/** The first image of a class, by the class's position in the domain; null if none is shown. */
export function imageOfClass(images: Images, position: number): Images | null {
  return imageAt(images, images.labels.indexOf(position))
}

/** Gap between two images of a grid, CSS pixels. */
export const imageGap = 4

/** Number of images, at least `least` pixels wide, that fit into a width. */
export function columnsIn(width: number, least: number): number {
  return Math.max(1, Math.floor((width + imageGap) / (least + imageGap)))
}

/** Least width of an image so that its caption can be read; long captions are shortened. */
export function leastWidthOf(captions: readonly string[], least: number): number {
  const most = 2 * least
  return captions.reduce((width, caption) => Math.max(width, Math.min(most, widthAt12(caption))), least)
}

/** Side of an image so that `columns` images fill the width, in whole pixels. */
export function sideOf(width: number, columns: number): number {
  return Math.max(1, Math.floor((width + imageGap) / columns) - imageGap)
}
