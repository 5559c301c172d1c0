/**
 * `npm run photos:import [-- --count 10000] [--distinct 40] [--from FOLDER]`: imports photos of 12 megapixels through the
 * real analyst, and measures images a second and the memory of all its processes; then the same by Pillow, with one
 * process and with one for each processor (python3 with pillow and numpy). The photos are generated, or taken from
 * a folder, and linked as often as needed. Ends with code 1 beyond 700 MB or below 0.8 of Pillow on the same processors.
 */
import { execFileSync } from 'child_process'
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs'
import { cpus, tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { createAnalyst } from '../../src/lab/analyst'
import { childrenOf } from '../process-tree'

const { values: asked } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    distinct: { type: 'string', default: '40' },
    from: { type: 'string' },
  },
})

const checkout = process.cwd()
const script = join(checkout, 'test', 'fixtures', 'pillow_import.py')
const python = (...args: readonly string[]) =>
  execFileSync('python3', [script, ...args], { encoding: 'utf8' })
const most = 700
const least = 0.8

/** Memory of a process in MB: `Pss` divides shared pages by the number of processes that share them. */
function memoryOf(pid: number): number {
  try {
    const [, kilobytes = '0'] = /^Pss:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
    return Number(kilobytes) / 1024
  } catch {
    return 0
  }
}

function linkPhotos(root: string, photos: string, count: number): string {
  const names = readdirSync(photos).filter((name) => name.endsWith('.jpg'))
  const folder = join(root, 'photos')
  for (const label of ['cat', 'dog']) mkdirSync(join(folder, label), { recursive: true })
  for (let index = 0; index < count; index++) {
    const label = index % 2 === 0 ? 'cat' : 'dog'
    linkSync(join(photos, names[index % names.length] ?? ''), join(folder, label, `${index}.jpg`))
  }
  return folder
}

async function byLab(folder: string, datasets: string) {
  let peak = 0
  let last = ''
  const analyst = createAnalyst(
    { workers: join(checkout, 'dist'), execPath: process.execPath },
    { log: () => undefined, crashed: (_, code) => console.error('crashed', code) },
    undefined,
    (_, { done, total, perSecond, secondsLeft }) =>
      (last = JSON.stringify({ done, total, perSecond, secondsLeft })),
  )
  const watch = setInterval(() => {
    const [pid] = childrenOf(process.pid, 'analyst.cjs')
    if (pid === undefined) return
    const processes = [pid, ...childrenOf(pid, 'decoder.cjs')]
    peak = Math.max(
      peak,
      processes.reduce((sum, one) => sum + memoryOf(one), 0),
    )
  }, 200)
  const began = Date.now()
  const summary = await analyst.ask('importDataset', { path: folder, name: 'photos', datasets })
  const seconds = (Date.now() - began) / 1000
  clearInterval(watch)
  await analyst.close()
  return { seconds, peak, notes: summary.notes, last }
}

async function main(): Promise<number> {
  const root = mkdtempSync(
    join(asked.from === undefined ? tmpdir() : join(asked.from, '..'), 'dalab-photos-'),
  )
  const count = Number(asked.count)
  try {
    const photos = asked.from ?? join(root, 'distinct')
    if (asked.from === undefined) python('--make', photos, asked.distinct)
    const folder = linkPhotos(root, photos, count)
    const { seconds, peak, notes, last } = await byLab(folder, join(root, 'datasets'))
    const rate = count / seconds
    const steady = (JSON.parse(last) as { perSecond: number | null }).perSecond ?? NaN
    console.error(JSON.stringify({ notes, last }))
    console.log('| | images a second | peak memory, MB |')
    console.log('|---|---|---|')
    console.log(`| the lab, ${count} photos, listing included | ${rate.toFixed(1)} | ${Math.round(peak)} |`)
    console.log(`| the lab, from the first image on | ${steady.toFixed(1)} | |`)
    const one = Number(python(folder, '1'))
    const all = Number(python(folder, String(cpus().length)))
    console.log(`| Pillow with draft, 1 process | ${one.toFixed(1)} | |`)
    console.log(`| Pillow with draft, ${cpus().length} processes | ${all.toFixed(1)} | |`)
    console.log(
      `\nThe lab against Pillow on the same processors: ${(rate / all).toFixed(2)}, ${(steady / all).toFixed(2)} from the first image on.`,
    )
    return peak <= most && rate >= least * all ? 0 : 1
  } finally {
    rmSync(root, { recursive: true })
  }
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
