/** Order in which a run's files are written: after a kill between any two writes the run can be resumed. */
import { expect, it } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { hasPause, writePause } from '../../../src/checkpoints/pause'
import { attemptPath, checkpointPath } from '../../../src/checkpoints/run-folder'
import { readRecord, updateRecord } from '../../../src/checkpoints/run-record'
import { createRun } from '../../../src/checkpoints/runs'
import type { Machinery } from '../../../src/contract/record'
import { createRunWriter } from '../../../src/workers/run-writer'
import { emptyFolder, experiment, facts, measures, tensor } from '../checkpoints/samples'

const machinery: Machinery = {
  lab: '1',
  backend: 'tensorflow',
  tensorflow: '2',
  tfjsNode: '4',
  oneDnn: false,
  threads: 1,
  node: '12',
  platform: 'linux',
}

/** A run after its last round, with an earlier pause state still on disk. */
async function runAfterItsLastRound(): Promise<string> {
  const run = { experiment, machinery, parent: null, state: 'running' as const }
  const { folder } = await createRun(await emptyFolder(), run)
  await writeCheckpoint(checkpointPath(folder, 2), { ...facts, round: 2 }, [tensor('x', 4)])
  const state = { phase: 'adaptation', round: 3, step: 0, lossSums: {}, verdicts: null } as const
  await writePause(folder, { state, tensors: [tensor('x', 4)] })
  await updateRecord(folder, { rounds: 2 })
  return folder
}

it('nothing of an attempt that is given up counts any more when its last word is written', async () => {
  const folder = await runAfterItsLastRound()
  let whenTold: Promise<unknown> = Promise.resolve(null)
  const identity = { run: facts.run, folder, experiment, machinery }
  const writer = createRunWriter(identity, { write: () => undefined }, () => {
    whenTold = Promise.all([readRecord(folder), hasPause(folder), readCheckpoint(attemptPath(folder, 1))])
  })
  const verdict = {
    attempt: 1,
    seed: 0,
    mutualInformation: 0.1,
    agreement: 0.2,
    verdict: 'restarted',
  } as const
  await writer.attempt({ type: 'attempt', ...verdict, measures: measures(0.5) }, 2)
  expect(await whenTold).toMatchObject([{ rounds: 0 }, false, { origin: 'verified' }])
  expect(await readRecord(folder)).toMatchObject({ rounds: 0, attempts: [verdict] })
})
