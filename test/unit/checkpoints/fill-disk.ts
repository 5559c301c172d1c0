/**
 * Run by refusals.test.ts in a process of its own with little space to write: records and saves growing rounds until
 * the system reports an error, then prints what is left. Arguments: the data folder.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { readCheckpoint, writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { roundsOnDisk } from '../../../src/checkpoints/checkpoint-list'
import { appendEvent, readHistory } from '../../../src/checkpoints/metrics'
import { checkpointPath, checkpointsFolder } from '../../../src/checkpoints/run-folder'
import { readRecord } from '../../../src/checkpoints/run-record'
import { createRun } from '../../../src/checkpoints/runs'
import { toErrorMessage } from '../../../src/contract/errors'
import { experiment, facts, roundEvent, tensor } from './samples'

async function fillDisk(dataFolder: string) {
  const run = { experiment, machinery: null, parent: null, state: 'running' as const }
  const { folder } = await createRun(dataFolder, run)
  let refused = null
  for (let round = 1; refused === null && round < 100; round++) {
    try {
      await writeCheckpoint(checkpointPath(folder, round), { ...facts, round }, [tensor('x', round * 10_000)])
      await appendEvent(folder, roundEvent(round, 0.5))
    } catch (problem) {
      refused = { round, error: toErrorMessage(problem) }
    }
  }
  const rounds = await roundsOnDisk(folder)
  const whole = await Promise.all(rounds.map((round) => readCheckpoint(checkpointPath(folder, round))))
  return {
    refused,
    refusedPath: join(checkpointsFolder(folder), `round-000${refused?.round}.dalab.safetensors`),
    whole: whole.map(({ facts: read }) => read?.round),
    files: (await fs.readdir(checkpointsFolder(folder))).length,
    recorded: (await readHistory(folder)).events.length,
    state: (await readRecord(folder)).state,
  }
}

const [, , dataFolder = ''] = process.argv
void fillDisk(dataFolder).then((result) => process.stdout.write(JSON.stringify(result)))
