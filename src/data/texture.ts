/**
 * Colour textures made from nothing but random numbers, as backgrounds for digits. Two fields of value noise mix
 * three random colours: rgb = (1 - g) ((1 - f) a + f b) + g c. Each field is a sum of octaves, 3, 6 and 12 cells
 * to a side with half the weight each time: random values at the cells' corners, joined by smooth steps
 * (3t^2 - 2t^3), the whole stretched to [0, 1].
 */
import type { Picture } from './picture'
import type { Random } from './random'

const octaves = [3, 6, 12] as const

const smooth = (t: number) => t * t * (3 - 2 * t)

function addOctave(field: Float32Array, size: number, cells: number, weight: number, random: Random) {
  const corners = Float32Array.from({ length: (cells + 1) ** 2 }, () => random.uniform())
  const corner = (row: number, column: number) => corners[row * (cells + 1) + column] ?? 0
  for (let i = 0; i < field.length; i++) {
    const x = ((i % size) + 0.5) * (cells / size)
    const y = (Math.floor(i / size) + 0.5) * (cells / size)
    const column = Math.floor(x)
    const row = Math.floor(y)
    const right = smooth(x - column)
    const down = smooth(y - row)
    const above = (1 - right) * corner(row, column) + right * corner(row, column + 1)
    const below = (1 - right) * corner(row + 1, column) + right * corner(row + 1, column + 1)
    field[i] = (field[i] ?? 0) + weight * ((1 - down) * above + down * below)
  }
}

/** `[size, size]`, its least value 0 and its greatest 1. */
function noiseField(size: number, random: Random): Float32Array {
  const field = new Float32Array(size * size)
  octaves.forEach((cells, level) => addOctave(field, size, cells, 0.5 ** level, random))
  const least = field.reduce((a, b) => Math.min(a, b), Infinity)
  const most = field.reduce((a, b) => Math.max(a, b), -Infinity)
  return field.map((value) => (value - least) / (most - least))
}

/** A texture of `size` pixels a side. */
export function texture(size: number, random: Random): Picture {
  const colours = [0, 1, 2].map(() => [random.uniform(), random.uniform(), random.uniform()])
  const [f, g] = [noiseField(size, random), noiseField(size, random)]
  const values = new Float32Array(3 * size * size)
  for (let i = 0; i < values.length; i++) {
    const pixel = Math.floor(i / 3)
    const [a = 0, b = 0, c = 0] = colours.map((colour) => colour[i % 3] ?? 0)
    const [mix = 0, over = 0] = [f[pixel], g[pixel]]
    values[i] = (1 - over) * ((1 - mix) * a + mix * b) + over * c
  }
  return { width: size, height: size, channels: 3, values }
}
