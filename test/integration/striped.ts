/**
 * Folders of images whose classes are easy to tell apart and easy to name: grey waves, one direction and wavelength for
 * each class. The same folder is written every time.
 */
import { mkdirSync, writeFileSync } from 'fs'
import { join } from 'path'
import { greyPixels } from './png'

const side = 28

/** What a class looks like. `inverted`: black and white exchanged, for another domain. */
interface Wave {
  /** Of the direction in which the grey changes, from the x axis. */
  readonly degrees: number
  /** In pixels. */
  readonly length: number
  readonly inverted?: boolean
}

/** Image number `index` of a class: its phase and contrast differ from the others of the class. */
function image({ degrees, length, inverted = false }: Wave, index: number): Buffer {
  const angle = (degrees * Math.PI) / 180
  const [across, down] = [Math.cos(angle), Math.sin(angle)]
  const contrast = 60 + ((index * 37) % 60)
  return greyPixels(side, (x, y) => {
    const way = (x * across + y * down + index * 1.7) / length
    const value = Math.round(128 + contrast * Math.sin(2 * Math.PI * way))
    return inverted ? 255 - value : value
  })
}

/** Writes a folder of `count` images for each class, and returns the path of the whole. */
export function writeStripes(folder: string, classes: Readonly<Record<string, Wave>>, count: number): string {
  for (const [name, wave] of Object.entries(classes)) {
    const path = join(folder, name)
    mkdirSync(path, { recursive: true })
    for (let index = 0; index < count; index++)
      writeFileSync(join(path, `${String(index).padStart(4, '0')}.png`), image(wave, index))
  }
  return folder
}
