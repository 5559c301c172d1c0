/**
 * `npm run photos:memory [-- --counts 1000,10000] [--side 224]`: the peak memory of trainings on generated photos. Each
 * number of photos is a dataset in the form of an imported folder, in a temporary folder, and trains in a process of its
 * own, as the trainer does it. Ends with code 1 if the largest takes over 100 MB more than the smallest.
 */
import { execFileSync } from 'child_process'
import { mkdtempSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { createRun } from '../../src/checkpoints/runs'
import { experimentSchema } from '../../src/contract/experiment'
import { workerEnvironment, workerFlags } from '../../src/lab/worker-process'
import { createControl } from '../../src/workers/control'
import { loadTensorFlow } from '../../src/workers/native'
import { trainRun } from '../../src/workers/train-run'
import { writePhotos } from '../fixtures/stored-pictures'

const { values } = parseArgs({
  options: {
    counts: { type: 'string', default: '1000,10000' },
    side: { type: 'string', default: '224' },
    /** Set in the process that trains: the folder with the dataset. */
    folder: { type: 'string' },
  },
})

const most = 100
const side = Number(values.side)
const classNames = ['cat', 'dog']

/** Few steps in both stages; all photos of the source pass through the encoder once, for measuring. */
function experimentOf() {
  const small = { steps: 20, batch: 10 }
  return experimentSchema.parse({
    name: 'photos',
    source: { dataset: 'photos', classes: classNames, count: 'all' },
    target: { dataset: 'photos', classes: classNames, count: 100, seed: 1 },
    pairing: [0, 1],
    model: { encoder: 'lenet-bn', side, channels: 3 },
    sourceStage: { ...small, epochs: 1 },
    adaptation: { ...small, method: 'adda', epochs: 1 },
  })
}

/** Trains, and prints the peak of the process's memory in MB. */
async function train(folder: string): Promise<void> {
  const native = await loadTensorFlow(2)
  const experiment = experimentOf()
  const { machinery } = native
  const run = { experiment, machinery, parent: null, state: 'running' } as const
  const { record, folder: runFolder, release } = await createRun(join(folder, 'runs'), run)
  await trainRun(
    {
      ...{ type: 'train', run: record.id, folder: runFolder, datasets: join(folder, 'datasets') },
      ...{ from: 'fresh', experiment, threads: 2, lockedBy: null },
    },
    native,
    createControl(),
    { progress: () => undefined, recorded: () => undefined },
  )
  await release()
  process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)))
}

async function peakOf(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-photos-'))
  try {
    const sizeOf = () => ({ width: side, height: side })
    await writePhotos(join(folder, 'datasets'), { name: 'photos', count, classNames, sizeOf })
    const args = [...workerFlags, __filename, '--side', String(side), '--folder', folder]
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
    const env = workerEnvironment()
    return Number(execFileSync(process.execPath, args, { encoding: 'utf8', env, stdio }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function main(): Promise<number> {
  if (values.folder !== undefined) {
    await train(values.folder)
    return 0
  }
  const peaks: { photos: number; gigabytes: number; peak: number }[] = []
  for (const photos of values.counts.split(',').map(Number)) {
    peaks.push({ photos, gigabytes: (photos * side * side * 3) / 1e9, peak: await peakOf(photos) })
  }
  const more = (peaks[peaks.length - 1]?.peak ?? NaN) - (peaks[0]?.peak ?? NaN)
  console.log(JSON.stringify({ side, peaks, more, most }, null, 2))
  return more <= most ? 0 : 1
}

void main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
