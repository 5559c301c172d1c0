/** Two small folders of images: a source with one subfolder for each class, and a flat target without labels. */
import { mkdirSync, writeFileSync } from 'fs'
import { join } from 'path'
import { greyPixels } from '../integration/png'

export const ownClasses = ['across', 'down', 'slanted'] as const
const each = 10
export const ownTarget = 12

/** A stripe in the direction of the class. */
function stripe(name: (typeof ownClasses)[number], index: number): Buffer {
  const at = 4 + (index % 8)
  return greyPixels(16, (x, y) => {
    const distance = { across: y - at, down: x - at, slanted: (x + y) / 2 - at }[name]
    return Math.abs(distance) < 2 ? 220 - 5 * index : 10 * (index % 3)
  })
}

export function writeOwnImages(folder: string): { readonly source: string; readonly target: string } {
  const [source, target] = [join(folder, 'stripes'), join(folder, 'found')]
  mkdirSync(target, { recursive: true })
  for (const name of ownClasses) {
    mkdirSync(join(source, name), { recursive: true })
    for (let i = 0; i < each; i++) writeFileSync(join(source, name, `${i}.png`), stripe(name, i))
  }
  for (let i = 0; i < ownTarget; i++)
    writeFileSync(join(target, `${i}.png`), stripe(ownClasses[i % 3] ?? 'down', i + 3))
  return { source, target }
}
