import { promises as fs } from 'fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  appendEvent,
  appendLine,
  parseHistory,
  readMerits,
  readFigures,
  readHistory,
} from '../../../src/checkpoints/metrics'
import { metricsPath } from '../../../src/checkpoints/run-folder'
import { roundEvents } from '../../../src/checkpoints/rounds'
import type { LabelFree, RecordedEvent } from '../../../src/contract/record'
import { codeOf, emptyFolder, roundEvent } from './samples'

const time = '2026-11-23T10:00:00.000Z'
const events: RecordedEvent[] = [
  { type: 'started', time, resumedFrom: null },
  { type: 'source-loss', time, epoch: 1, step: 100, steps: 200, loss: 0.01234 },
  roundEvent(0, 0.5),
  { type: 'loss', time, round: 1, step: 100, steps: 200, losses: { D: 0.7, MT: 0.7 } },
  roundEvent(1, 0.6),
  { type: 'finished', time, seconds: 12 },
]
let folder: string

beforeEach(async () => {
  folder = await emptyFolder()
})

async function write(...lines: string[]): Promise<void> {
  await fs.writeFile(metricsPath(folder), lines.join('\n'))
}

describe('metrics.jsonl', () => {
  it('gives back what was appended', async () => {
    for (const event of events) await appendEvent(folder, event)
    expect(await readHistory(folder)).toEqual({ events, damaged: [] })
  })

  it('is empty where nothing was recorded', async () => {
    expect(await readHistory(folder)).toEqual({ events: [], damaged: [] })
  })

  it('cut anywhere gives the whole lines before the cut', () => {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('')
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        const whole = text.slice(0, length).split('\n').length - 1
        expect(parseHistory(text.slice(0, length))).toEqual({ events: events.slice(0, whole), damaged: [] })
      }),
    )
  })

  it('loses a torn last line at the next append, however long', async () => {
    for (const torn of ['{"type":"rou', `{"type":"round","losses":"${'x'.repeat(10_000)}`]) {
      await write(JSON.stringify(events[0]), torn)
      for (const event of events.slice(1)) await appendEvent(folder, event)
      expect(await readHistory(folder)).toEqual({ events, damaged: [] })
    }
  })

  it('that is one torn line starts anew', async () => {
    await write('{"type"')
    await appendEvent(folder, roundEvent(0, 0.5))
    expect((await readHistory(folder)).events).toEqual([roundEvent(0, 0.5)])
  })

  it('damaged in the middle says which lines, and gives the others', async () => {
    const [first, second] = events.map((event) => JSON.stringify(event))
    await write(first ?? '', '{"type":"round"}', 'not JSON', second ?? '', '')
    const { events: read, damaged } = await readHistory(folder)
    expect(read).toEqual(events.slice(0, 2))
    expect(damaged).toEqual([2, 3])
  })

  it('is read anew whenever it has changed', async () => {
    await appendEvent(folder, roundEvent(0, 0.5))
    const longAgo = new Date('2026-01-01')
    await fs.utimes(metricsPath(folder), longAgo, longAgo)
    const first = await readHistory(folder)
    expect(await readHistory(folder)).toBe(first)
    await appendEvent(folder, roundEvent(1, 0.6))
    expect((await readHistory(folder)).events).toHaveLength(2)
    expect((await readHistory(folder)).events).toHaveLength(2)
  })

  it('takes no event that could not be read again', async () => {
    const broken: RecordedEvent = { type: 'loss', time, round: 1, step: 1, steps: 2, losses: { D: NaN } }
    expect(await codeOf(() => appendEvent(folder, broken))).toBe('contract-violation')
    expect(await fs.readdir(folder)).toEqual([])
  })
})

const restarted: RecordedEvent = {
  type: 'attempt',
  time,
  attempt: 1,
  seed: 0,
  mutualInformation: 0.1,
  agreement: 0.5,
  verdict: 'restarted',
  measures: roundEvent(1, 0.5).measures,
}

describe('the figures of a summary', () => {
  it('are those of the first and the last round of the whole history, however the file grew', async () => {
    const rounds = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.integer({ min: 0, max: 6 }).map((round) => roundEvent(round, round / 10)),
        },
        { weight: 1, arbitrary: fc.constant(restarted) },
        { weight: 1, arbitrary: fc.constant('torn') },
      ),
      { maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(rounds, async (written) => {
        const own = await emptyFolder()
        for (const one of written) {
          const line = typeof one === 'string' ? one : JSON.stringify(one)
          await appendLine(metricsPath(own), line)
          const { events, damaged } = parseHistory(await fs.readFile(metricsPath(own), 'utf8'))
          const all = roundEvents(events)
          const last = Math.max(-1, ...all.keys())
          expect(await readFigures(own)).toMatchObject({
            first: all.get(0) ?? null,
            last: all.get(last) ?? null,
            unreadable: { count: damaged.length, lines: damaged.slice(0, 5) },
          })
          const accuracies = [...all].map(
            ([round, { measures }]) => [round, measures.target?.accuracy] as const,
          )
          expect(await readMerits(own)).toEqual(new Map(accuracies))
        }
      }),
      { numRuns: 40 },
    )
  })
})

it('rounds without target labels have the mutual information as their merit, and none where it was not measured', async () => {
  const own = await emptyFolder()
  for (const [round, mutualInformation] of [0.2, 0.9, null, 0.4].entries()) {
    const event = roundEvent(round, 0.5)
    const labelFree = mutualInformation === null ? {} : { labelFree: { ...scores, mutualInformation } }
    await appendEvent(own, { ...event, measures: { ...event.measures, target: null, ...labelFree } })
  }
  expect(await readMerits(own)).toEqual(
    new Map([
      [0, 0.2],
      [1, 0.9],
      [3, 0.4],
    ]),
  )
})

const scores: LabelFree = {
  entropy: 0.1,
  diversity: 0.6,
  mutualInformation: 0.5,
  agreement: null,
  discriminatorConfusion: null,
  sourceKept: 0.9,
  density: 0.2,
}
