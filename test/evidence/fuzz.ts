/**
 * `npm run fuzz -- [--parser NAME] [--count N] [--seed S] [--from N]`: gives mutated and hostile files to the lab's
 * parsers, each parser in a process of its own. Prints one line of JSON for each parser; the exit code is 1 if any has
 * a fault.
 */
import { spawnSync } from 'child_process'
import { readFileSync } from 'fs'
import { parseArgs } from 'util'
import { Worker } from 'worker_threads'
import { fuzz, type Parser } from '../fuzz/fuzz'
import { imageKindParsers } from '../fuzz/image-kinds'
import { imageParser } from '../fuzz/images'
import { binaryParsers } from '../fuzz/parsers'
import { textParsers } from '../fuzz/text-parsers'

const megabyte = 2 ** 20
const maxMegabytes = 512
/** CPU time, in ms, that one file may take. */
const maxMs = 2000

const { values: asked } = parseArgs({
  options: {
    parser: { type: 'string', default: 'all' },
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
  },
})

/** Peak resident memory of a process, in MB. */
function peakOf(pid: number): number {
  const [, kilobytes = '0'] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** Detects hangs from another thread: this thread could not report a file that it never finishes. */
function watchForHangs(): { began(file: string): void; close(): Promise<number> } {
  const begun = new Int32Array(new SharedArrayBuffer(8))
  const name = new Uint8Array(new SharedArrayBuffer(256))
  const worker = new Worker(
    `const { begun, name, most } = require('worker_threads').workerData
     let last = -1, since = Date.now()
     setInterval(() => {
       const now = Atomics.load(begun, 0)
       if (now !== last) { last = now; since = Date.now() }
       else if (Date.now() - since > most) {
         require('fs').writeSync(2, 'HANG in ' + Buffer.from(name).toString().replace(/\\0.*/s, '') + '\\n')
         process.kill(process.pid, 'SIGKILL')
       }
     }, 100)`,
    { eval: true, workerData: { begun, name, most: 30 * maxMs } },
  )
  worker.unref()
  return {
    began(file) {
      name.fill(0)
      name.set(Buffer.from(file).subarray(0, 255))
      Atomics.add(begun, 0, 1)
    },
    close: () => worker.terminate(),
  }
}

async function fuzzOne(parser: Parser): Promise<boolean> {
  const count = Number(asked.count ?? parser.usual)
  const watch = watchForHangs()
  const pidOf = () => parser.reader?.() ?? process.pid
  // The first file starts the parser's own process, whose start-up cost must not be counted for that file.
  if (parser.reader !== undefined)
    await fuzz({ ...parser, hostile: () => [], close: async () => undefined }, { count: 1, seed: 0 })
  const before = peakOf(pidOf())
  let peak = before
  const report = await fuzz(
    parser,
    { count, seed: Number(asked.seed), from: Number(asked.from), maxMs },
    (file) => {
      watch.began(file)
      peak = Math.max(peak, peakOf(pidOf()))
    },
  )
  const arrays = process.memoryUsage().arrayBuffers / megabyte
  peak = Math.max(peak, parser.reader === undefined ? peakOf(process.pid) : 0)
  await watch.close()
  const grown = Math.round(peak - before)
  const { faults, longestMs, ...rest } = report
  const passed = faults.length === 0 && grown <= maxMegabytes
  const outcome = {
    ...rest,
    longestMs: Math.round(longestMs),
    residentMB: Math.round(before),
    grownMB: grown,
    arraysMB: Math.round(arrays),
    passed,
    faults: faults.slice(0, 20),
  }
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
  return passed
}

async function main(): Promise<number> {
  const parsers = [...binaryParsers, ...imageKindParsers, ...(await textParsers()), imageParser()]
  if (asked.parser === 'all') {
    for (const parser of parsers) await parser.close?.()
    const given = process.argv.slice(2)
    const ended = parsers.map(
      ({ name }) =>
        spawnSync(process.execPath, [process.argv[1] ?? '', ...given, '--parser', name], { stdio: 'inherit' })
          .status,
    )
    return ended.every((status) => status === 0) ? 0 : 1
  }
  const chosen = parsers.find(({ name }) => name === asked.parser)
  for (const parser of parsers) if (parser !== chosen) await parser.close?.()
  if (chosen === undefined) {
    process.stderr.write(
      `There is no parser "${asked.parser}": ${parsers.map(({ name }) => name).join(', ')}\n`,
    )
    return 2
  }
  return (await fuzzOne(chosen)) ? 0 : 1
}

void main().then((code) => process.exit(code))
