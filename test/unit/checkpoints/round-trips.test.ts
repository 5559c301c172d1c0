/**
 * Any value written to the text files of a run is read back unchanged. The tests of tensors are next to their formats.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { annotate, readAnnotations } from '../../../src/checkpoints/annotations'
import { appendEvent, parseHistory, readHistory } from '../../../src/checkpoints/metrics'
import { readRecord, writeRecord } from '../../../src/checkpoints/run-record'
import { readConfig } from '../../../src/cli/config'
import { experimentSchema } from '../../../src/contract/experiment'
import { annotationsSchema, recordedEventSchema, runRecordSchema } from '../../../src/contract/record'
import { arbitraryOf } from './arbitrary'

const folder = mkdtempSync(join(tmpdir(), 'dalab-round-trips-'))
afterAll(() => rmSync(folder, { recursive: true }))

let last = 0
/** A new file name for each example. */
const fresh = () => join(folder, String(++last))

it('a run record', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOf(runRecordSchema), async (record) => {
      await writeRecord(folder, record)
      expect(await readRecord(folder)).toEqual(record)
    }),
    { numRuns: 60 },
  )
})

it('an experiment as a file for --config, alone or inside a record', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOf(experimentSchema), fc.boolean(), async (experiment, inside) => {
      const file = fresh()
      writeFileSync(file, `\uFEFF${JSON.stringify(inside ? { schema: 1, experiment } : experiment, null, 2)}`)
      expect(experimentSchema.parse(await readConfig(file))).toEqual(experiment)
    }),
    { numRuns: 60 },
  )
})

it('annotations, and each change of one of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryOf(annotationsSchema),
      arbitraryOf(annotationsSchema),
      async (first, second) => {
        await annotate(folder, first)
        expect(await readAnnotations(folder)).toEqual(first)
        await annotate(folder, { note: second.note, tags: second.tags })
        expect(await readAnnotations(folder)).toEqual({ ...first, note: second.note, tags: second.tags })
      },
    ),
    { numRuns: 60 },
  )
})

const events = fc.array(arbitraryOf(recordedEventSchema), { minLength: 1, maxLength: 5 })

it('lines of metrics.jsonl, of every kind', () => {
  fc.assert(
    fc.property(events, (written) => {
      const text = written.map((event) => `${JSON.stringify(event)}\n`).join('')
      expect(parseHistory(text)).toEqual({ events: written, damaged: [] })
    }),
    { numRuns: 300 },
  )
})

it('lines of metrics.jsonl as they are appended', async () => {
  let written: unknown[] = []
  await fc.assert(
    fc.asyncProperty(events, async (some) => {
      for (const event of some) await appendEvent(folder, event)
      written = [...written, ...some]
      expect((await readHistory(folder)).events).toEqual(written)
    }),
    { numRuns: 20, endOnFailure: true },
  )
})
