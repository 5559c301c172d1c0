/**
 * Random colour textures as backgrounds for digits. Two fields of value noise mix three random colours: rgb = (1 - g)
 * ((1 - f) a + f b) + g c. Each field is a sum of octaves with 3, 6 and 12 cells per side, each with half the weight
 * of the previous one: random values at the cells' corners, interpolated with smooth steps (3t^2 - 2t^3). The sum is
 * stretched to [0, 1].
 */
import type { Picture } from './picture'
import type { Random } from './random'

const octaves = [3, 6, 12] as const

const between = (a: number, b: number, share: number) => (1 - share) * a + share * b

/** The position of each pixel of a row or column: its cell among `cells`, and the smooth step within that cell. */
function positionsIn(cells: number, size: number): { cell: number; step: number }[] {
  return Array.from({ length: size }, (_, i) => {
    const position = (i + 0.5) * (cells / size)
    const cell = Math.floor(position)
    const t = position - cell
    return { cell, step: t * t * (3 - 2 * t) }
  })
}

function addOctave(field: Float32Array, size: number, cells: number, weight: number, random: Random) {
  const side = cells + 1
  const corners = new Float32Array(side * side)
  for (let i = 0; i < corners.length; i++) corners[i] = random.uniform()
  const positions = positionsIn(cells, size)
  let pixel = 0
  for (const row of positions) {
    for (const column of positions) {
      const corner = row.cell * side + column.cell
      const top = between(corners[corner] ?? 0, corners[corner + 1] ?? 0, column.step)
      const low = between(corners[corner + side] ?? 0, corners[corner + side + 1] ?? 0, column.step)
      field[pixel] = (field[pixel] ?? 0) + weight * between(top, low, row.step)
      pixel++
    }
  }
}

/** `[size, size]`, with minimum 0 and maximum 1. */
function noiseField(size: number, random: Random): Float32Array {
  const field = new Float32Array(size * size)
  octaves.forEach((cells, level) => addOctave(field, size, cells, 0.5 ** level, random))
  let least = Infinity
  let most = -Infinity
  for (const value of field) {
    if (value < least) least = value
    if (value > most) most = value
  }
  for (let i = 0; i < field.length; i++) field[i] = ((field[i] ?? 0) - least) / (most - least)
  return field
}

/** A texture of `size` by `size` pixels. */
export function texture(size: number, random: Random): Picture {
  const colours = Float32Array.from({ length: 9 }, () => random.uniform())
  const f = noiseField(size, random)
  const g = noiseField(size, random)
  const values = new Float32Array(3 * size * size)
  for (let i = 0; i < values.length; i++) {
    const pixel = Math.floor(i / 3)
    const channel = i % 3
    const mixed = between(colours[channel] ?? 0, colours[3 + channel] ?? 0, f[pixel] ?? 0)
    values[i] = between(mixed, colours[6 + channel] ?? 0, g[pixel] ?? 0)
  }
  return { width: size, height: size, channels: 3, values }
}
