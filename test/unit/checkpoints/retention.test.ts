import { promises as fs } from 'fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { annotate } from '../../../src/checkpoints/annotations'
import { readCheckpoint, writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { roundsOnDisk } from '../../../src/checkpoints/checkpoint-list'
import { appendEvent } from '../../../src/checkpoints/metrics'
import {
  applyRetention,
  dropEarlierOptimiserState,
  roundsToDelete,
  type Keep,
} from '../../../src/checkpoints/retention'
import { bestRound } from '../../../src/checkpoints/rounds'
import { checkpointPath } from '../../../src/checkpoints/run-folder'
import { createRun } from '../../../src/checkpoints/runs'
import { bits, emptyFolder, experiment, facts, roundEvent, tensor } from './samples'

const accuracies = [0.5, 0.6, 0.9, 0.9, 0.7, 0.8]
let folder: string

beforeEach(async () => {
  const run = { experiment, machinery: null, parent: null, state: 'running' as const }
  folder = (await createRun(await emptyFolder(), run)).folder
  for (const [round, accuracy] of accuracies.entries()) {
    const path = checkpointPath(folder, round === 0 ? null : round)
    await writeCheckpoint(path, facts, [tensor('x', 4)])
    await appendEvent(folder, roundEvent(round, accuracy))
  }
})

const rules: fc.Arbitrary<Keep> = fc.oneof(
  fc.constant({ keep: 'last' as const }),
  fc.record({
    keep: fc.constantFrom('every', 'every-nth', 'best-and-last'),
    nth: fc.integer({ min: 1, max: 9 }),
  }),
)

describe('retention', () => {
  it.each<[Keep, (number | null)[]]>([
    [{ keep: 'every', nth: 5 }, [null, 1, 2, 3, 4, 5]],
    [{ keep: 'every-nth', nth: 2 }, [null, 2, 4, 5]],
    [{ keep: 'every-nth', nth: 50 }, [null, 5]],
    [{ keep: 'best-and-last', nth: 5 }, [null, 2, 5]],
    [{ keep: 'last' }, [null, 5]],
  ])('%j keeps %j', async (rule, kept) => {
    await applyRetention(folder, rule)
    expect(await roundsOnDisk(folder)).toEqual(kept)
  })

  it('says how many bytes it freed', async () => {
    const { size } = await fs.stat(checkpointPath(folder, 1))
    expect(await applyRetention(folder, { keep: 'last' })).toBe(4 * size)
    expect(await applyRetention(folder, { keep: 'last' })).toBe(0)
  })

  it('deletes no round that was not agreed to, such as one that is no longer pinned', async () => {
    await applyRetention(folder, { keep: 'last' }, [1, 2, 5])
    expect(await roundsOnDisk(folder)).toEqual([null, 3, 4, 5])
  })

  it('keeps what is pinned', async () => {
    await annotate(folder, { pinned: [1, 4] })
    await applyRetention(folder, { keep: 'last' })
    expect(await roundsOnDisk(folder)).toEqual([null, 1, 4, 5])
  })

  it('never deletes the last, the best where it counts, or a pinned round', () => {
    const rounds = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 20 })
    fc.assert(
      fc.property(
        rounds,
        rules,
        rounds,
        fc.option(fc.integer({ min: 1, max: 60 })),
        (onDisk, rule, pinned, best) => {
          const deleted = roundsToDelete(onDisk, rule, { best, pinned })
          expect(deleted).not.toContain(Math.max(...onDisk))
          expect(deleted.filter((round) => pinned.includes(round) || !onDisk.includes(round))).toEqual([])
          if (rule.keep === 'best-and-last') expect(deleted).not.toContain(best)
          if (rule.keep === 'every') expect(deleted).toEqual([])
        },
      ),
    )
  })
})

describe('the best round', () => {
  it('is the first of the highest, and never the one before adaptation', () => {
    const best = (...values: number[]) => bestRound(new Map(values.entries()))
    expect(best(...accuracies)).toBe(2)
    expect(best(0.9, 0.1)).toBe(1)
    expect(best(0.9)).toBeNull()
    expect(best()).toBeNull()
  })
})

describe("optimisers' state", () => {
  it('stays with the latest checkpoint only', async () => {
    const tensors = [tensor('target_encoder.fc.bias', 3), tensor('optimiser.target_encoder.fc.bias.mean', 3)]
    for (const round of [4, 5]) await writeCheckpoint(checkpointPath(folder, round), facts, tensors)
    await dropEarlierOptimiserState(folder, 5)
    const earlier = await readCheckpoint(checkpointPath(folder, 4))
    expect(bits(earlier.tensors)).toEqual(bits(tensors.slice(0, 1)))
    expect(earlier).toMatchObject({ facts, origin: 'verified' })
    expect((await readCheckpoint(checkpointPath(folder, 5))).tensors).toHaveLength(2)
  })
})
