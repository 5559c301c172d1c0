/**
 * `npm run predict:speed [-- --count 10000 --sides 28,64 --rounds 3 --keep FOLDER]`: predicts a folder of images by the
 * terminal and by PyTorch with Pillow (build/peer/predict.py), the same LeNet, turn by turn, and measures the memory of
 * the processes. With `--memory 1000,10000,100000` it measures the lab alone on so many files, the last by links.
 */
import { execFileSync, spawn } from 'child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { imagesOf, storedAt } from '../../src/data/dataset'
import { openDataset } from '../../src/data/open-dataset'
import { greyPixels, rgbPng } from '../integration/png'
import { askLab, program } from './bundled-lab'

const { values: asked } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    sides: { type: 'string', default: '28,64' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'string' },
    keep: { type: 'string' },
    python: { type: 'string', default: process.env['DALAB_PEER'] ?? 'python3' },
  },
})
const folder = asked.keep ?? mkdtempSync(join(tmpdir(), 'predict-speed-'))
const root = join(__dirname, '..', '..')
const dataFolder = join(folder, 'data')

const lab = (...words: string[]): unknown => askLab(dataFolder, ...words)

/** Resident memory in MB of a process and of those that it started, by the system's tables. */
function memoryOf(pid: number): { all: number; worker: number } {
  const table = execFileSync('ps', ['-eo', 'pid,ppid,rss,args'], { encoding: 'utf8' })
  const rows = table.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line))
  const own = new Set([pid])
  for (let found = 0; found !== own.size;) {
    found = own.size
    for (const row of rows) if (row !== null && own.has(Number(row[2]))) own.add(Number(row[1]))
  }
  const mine = rows.filter((row) => row !== null && own.has(Number(row[1])))
  const sum = (some: typeof mine) => some.reduce((total, row) => total + Number(row?.[3]) / 1024, 0)
  return {
    all: sum(mine),
    worker: Math.max(
      0,
      ...mine.filter((row) => row?.[4]?.includes('analyst.cjs')).map((row) => Number(row?.[3]) / 1024),
    ),
  }
}

interface Measured {
  readonly seconds: number
  readonly peak: number
  readonly worker: number
  readonly stdout: string
}

async function measured(command: string, args: readonly string[]): Promise<Measured> {
  const began = process.hrtime.bigint()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  let [peak, worker] = [0, 0]
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const watch = setInterval(() => {
    const found = memoryOf(child.pid ?? 0)
    peak = Math.max(peak, found.all)
    worker = Math.max(worker, found.worker)
  }, 250)
  const code = await new Promise((resolve) => child.once('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${String(code)}`)
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, peak, worker, stdout }
}

/** Images of one side: MNIST's digits in grey at 28, coloured squares with a pattern above. */
async function writeImages(side: number, count: number): Promise<string> {
  const images = join(folder, `images-${String(side)}`)
  if (existsSync(join(images, `${String(count - 1)}.png`))) return images
  mkdirSync(images, { recursive: true })
  const { train } = imagesOf(await openDataset('mnist', ''))
  for (let index = 0; index < count; index++) {
    const digit = storedAt(train, 1, index)
    const at = (x: number, y: number) =>
      digit[Math.floor((y * 28) / side) * 28 + Math.floor((x * 28) / side)] ?? 0
    const colour = (x: number, y: number) => [
      at(x, y),
      (at(x, y) + 3 * x + index) % 256,
      (5 * y + index) % 256,
    ]
    const pixels = Array.from({ length: side * side }, (_, i) => colour(i % side, Math.floor(i / side)))
    const png = side === 28 ? greyPixels(side, at) : rgbPng(side, side, Uint8Array.from(pixels.flat()))
    writeFileSync(join(images, `${String(index)}.png`), png)
  }
  return images
}

/** A checkpoint of an untrained LeNet for images of this side, of ten classes. */
function checkpointFor(side: number): string {
  const config = join(folder, 'experiment.json')
  const short = { epochs: 1, steps: 1 }
  writeFileSync(
    config,
    JSON.stringify({
      name: `side ${String(side)}`,
      source: { dataset: 'mnist', count: 500 },
      target: { dataset: 'usps', count: 500 },
      model: { encoder: 'lenet', side, channels: side === 28 ? 1 : 3 },
      sourceStage: short,
      adaptation: { method: 'mcc', ...short },
    }),
  )
  const { checkpoints } = lab('run', '--config', config) as { readonly checkpoints: readonly string[] }
  return checkpoints[checkpoints.length - 1] ?? ''
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const predictWith = (checkpoint: string, images: string, ...more: string[]) =>
  measured(process.execPath, [
    ...[program, '--json', '--data-folder', dataFolder, 'predict', checkpoint, '--path', images],
    ...['--out', join(folder, 'lab.csv'), '--force', ...more],
  ])

async function compareSpeed(side: number, count: number): Promise<void> {
  const images = await writeImages(side, count)
  const checkpoint = checkpointFor(side)
  const peer = [
    ...[join(root, 'build', 'peer', 'predict.py'), '--weights', checkpoint, '--images', images],
    ...['--out', join(folder, 'torch.csv'), '--side', String(side), '--channels', side === 28 ? '1' : '3'],
  ]
  const labs: Measured[] = []
  const peers: Measured[] = []
  for (let round = 0; round < Number(asked.rounds); round++) {
    labs.push(await predictWith(checkpoint, images))
    peers.push(await measured(asked.python, peer))
  }
  const classesIn = (file: string) => {
    const rows = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').slice(1)
    return new Map(rows.map((row) => [row.split(',')[0], row.split(',')[1]]))
  }
  const [own, theirs] = [classesIn('lab.csv'), classesIn('torch.csv')]
  const same = [...own].filter(([name, one = '']) => theirs.get(name) === one.trim()).length
  const rate = (some: readonly Measured[]) => count / middle(some.map(({ seconds }) => seconds))
  process.stdout.write(
    `side ${String(side)}: lab ${rate(labs).toFixed(0)} images/s, PyTorch ${rate(peers).toFixed(0)}, ratio ` +
      `${(rate(labs) / rate(peers)).toFixed(2)} (${labs.map((one, i) => ((peers[i]?.seconds ?? 0) / one.seconds).toFixed(2)).join(' ')}); ` +
      `whole programs, start included; same class in ${String(same)} of ${String(count)}; PyTorch ${peers[0]?.stdout.trim() ?? ''}\n`,
  )
}

async function measureMemory(counts: readonly number[]): Promise<void> {
  const images = await writeImages(28, Math.min(10_000, Math.max(...counts)))
  const checkpoint = checkpointFor(28)
  for (const count of counts) {
    const linked = join(folder, `links-${String(count)}`)
    if (!existsSync(linked)) {
      mkdirSync(linked)
      for (let index = 0; index < count; index++)
        symlinkSync(join(images, `${String(index % 10_000)}.png`), join(linked, `${String(index)}.png`))
    }
    const { seconds, peak, worker } = await predictWith(checkpoint, linked, '--follow-links')
    process.stdout.write(
      `${String(count)} files: ${seconds.toFixed(1)} s, peak of the analyst ${worker.toFixed(0)} MB, of all processes ${peak.toFixed(0)} MB\n`,
    )
  }
}

async function main(): Promise<void> {
  if (asked.memory !== undefined) await measureMemory(asked.memory.split(',').map(Number))
  else for (const side of asked.sides.split(',')) await compareSpeed(Number(side), Number(asked.count))
  if (asked.keep === undefined) rmSync(folder, { recursive: true, force: true })
}

void main()
