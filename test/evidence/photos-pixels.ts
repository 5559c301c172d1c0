/**
 * `npm run photos:pixels -- --from FOLDER [--endings jpg,jpeg] [--reduced]`: decodes every image under a folder with
 * the lab's decoder and with Pillow (python3 with pillow and numpy), and prints a table of the differences. Ends with
 * code 1 if any value differs by more than `--most` (1 of 255).
 */
import { spawn, type ChildProcessByStdio } from 'child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'fs'
import { join } from 'path'
import type { Readable, Writable } from 'stream'
import { parseArgs } from 'util'
import { requireHeader } from '../../src/data/image-header'
import type { DecodedImage } from '../../src/data/image-kinds/decoded-image'
import { turned } from '../../src/data/image-kinds/orientation'
import { readPhoto } from '../../src/data/photo'
import { composed } from '../../src/data/reduce'
import { maxShorterSide } from '../../src/data/stored-size'
import { decodeImage } from '../../src/workers/decode-image'

const { values: asked } = parseArgs({
  options: {
    from: { type: 'string' },
    endings: { type: 'string', default: 'jpg,jpeg' },
    /** Compares what is stored, whose shorter side is at most 320, instead of the whole image. */
    reduced: { type: 'boolean', default: false },
    most: { type: 'string', default: '1' },
  },
})

const endings = asked.endings.split(',')

function imagesUnder(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      if (statSync(path).isDirectory()) return imagesUnder(path)
      return endings.some((ending) => name.toLowerCase().endsWith(`.${ending}`)) ? [path] : []
    })
}

/** The image as the lab shows it. */
async function ofLab(file: string): Promise<DecodedImage> {
  const bytes = readFileSync(file)
  const header = requireHeader(file, bytes)
  const { width, height, channels, orientation } = header
  if (asked.reduced) {
    const photo = await readPhoto({ file, size: { width, height }, channels }, channels, decodeImage)
    return { ...photo, channels }
  }
  return turned(composed(await decodeImage(bytes, file)), orientation)
}

/** Asks a Python process for one image after another. */
function pillow() {
  const script = join(process.cwd(), 'test', 'fixtures', 'pillow_pixels.py')
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn('python3', [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let held = Buffer.alloc(0)
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  async function more(): Promise<void> {
    const { value, done } = await chunks.next()
    if (done === true) throw new Error('python3 has ended')
    held = Buffer.concat([held, value])
  }
  return {
    async of(file: string): Promise<DecodedImage> {
      child.stdin.write(asked.reduced ? `${file}\t${maxShorterSide}\n` : `${file}\n`)
      while (!held.includes(10)) await more()
      const end = held.indexOf(10)
      const [width = 0, height = 0, channels = 0] = held.toString('latin1', 0, end).split(' ').map(Number)
      const size = width * height * channels
      while (held.length < end + 1 + size) await more()
      const pixels = Uint8Array.from(held.subarray(end + 1, end + 1 + size))
      held = held.subarray(end + 1 + size)
      return { width, height, channels, pixels }
    },
    end: () => void child.stdin.end(),
  }
}

interface Tally {
  images: number
  values: number
  sum: number
  most: number
  /** Values that differ by more than one. */
  beyond: number
  unlike: string[]
}

function compare(tally: Tally, file: string, lab: DecodedImage, other: DecodedImage): void {
  tally.images += 1
  if (lab.width !== other.width || lab.height !== other.height || lab.channels % other.channels !== 0) {
    const size = ({ width, height, channels }: DecodedImage) => `${width}x${height}x${channels}`
    tally.unlike.push(`${file}: ${size(lab)}, Pillow ${size(other)}`)
    return
  }
  const each = lab.channels / other.channels
  let worst = 0
  for (let i = 0; i < lab.pixels.length; i++) {
    const difference = Math.abs((lab.pixels[i] ?? 0) - (other.pixels[Math.floor(i / each)] ?? 0))
    tally.sum += difference
    if (difference > 1) tally.beyond += 1
    worst = Math.max(worst, difference)
  }
  if (worst > Number(asked.most)) tally.unlike.push(`${file}: differs by ${worst}`)
  tally.most = Math.max(tally.most, worst)
  tally.values += lab.pixels.length
}

async function main(): Promise<number> {
  if (asked.from === undefined || !existsSync(asked.from)) {
    console.error('npm run photos:pixels -- --from FOLDER')
    return 2
  }
  const root = asked.from
  const python = pillow()
  const tallies = new Map<string, Tally>()
  for (const file of imagesUnder(root)) {
    const group = file.slice(root.length).split('/').filter(Boolean)[0] ?? ''
    const tally = tallies.get(group) ?? { images: 0, values: 0, sum: 0, most: 0, beyond: 0, unlike: [] }
    tallies.set(group, tally)
    const other = await python.of(file)
    const lab = await ofLab(file).catch((error: unknown) => String(error))
    if (typeof lab === 'string') tally.unlike.push(`${file}: ${lab}`)
    else compare(tally, file, lab, other)
  }
  python.end()
  console.log(
    '| folder | images | values | greatest difference | mean difference | values off by more than 1 |',
  )
  console.log('|---|---|---|---|---|---|')
  for (const [group, { images, values, sum, most, beyond }] of tallies) {
    const mean = (sum / values).toExponential(1)
    console.log(`| ${group} | ${images} | ${values} | ${most} | ${sum === 0 ? 0 : mean} | ${beyond} |`)
  }
  const unlike = [...tallies.values()].flatMap((tally) => tally.unlike)
  if (unlike.length > 0) console.error(`${unlike.length} differ:\n${unlike.slice(0, 40).join('\n')}`)
  return unlike.length === 0 && tallies.size > 0 ? 0 : 1
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
