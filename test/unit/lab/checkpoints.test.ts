import { promises as fs } from 'fs'
import { expect, it } from 'vitest'
import { writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { checkpointPath, checkpointsFolder } from '../../../src/checkpoints/run-folder'
import { createRun } from '../../../src/checkpoints/runs'
import { checkpointsOf } from '../../../src/lab/checkpoints'
import { emptyFolder, experiment, facts, tensor } from '../checkpoints/samples'

it('the checkpoints of all runs are listed without those of one that cannot be read', async () => {
  const data = await emptyFolder()
  const run = { experiment, machinery: null, parent: null, state: 'finished' } as const
  const readable = await createRun(data, run, (making) =>
    writeCheckpoint(checkpointPath(making, 3), facts, [tensor('x', 4)]),
  )
  const unreadable = await createRun(data, run)
  const folder = checkpointsFolder(unreadable.folder)
  await fs.rmdir(folder)
  await fs.symlink(folder, folder)

  const place = { folders: () => ({ data, datasets: data, backbones: data, logs: data }) }
  const listed = await checkpointsOf(place, undefined)
  expect(listed.map(({ run, round }) => [run, round])).toEqual([[readable.record.id, 3]])
  await expect(checkpointsOf(place, unreadable.record.id)).rejects.toMatchObject({
    code: 'links-in-a-circle',
    params: { path: folder },
  })
})
