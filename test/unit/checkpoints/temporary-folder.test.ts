import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'fs'
import { join } from 'path'
import { expect, it } from 'vitest'
import { lockPath } from '../../../src/checkpoints/run-folder'
import { makeTemporaryFolder } from '../../../src/checkpoints/temporary-folder'
import { emptyFolder } from './samples'

/** Larger than any process id on Linux. */
const nobody = 2 ** 30

/** A folder of another process. */
function folderOf(pid: number | null, parent: string, name: string): string {
  const folder = join(parent, name)
  mkdirSync(join(folder, 'files'), { recursive: true })
  writeFileSync(join(folder, 'files', 'upload.npz'), 'x')
  if (pid !== null) writeFileSync(lockPath(folder), JSON.stringify({ pid, started: null }))
  return folder
}

it('removes what killed processes left, and nothing of living ones or of other kinds', async () => {
  const parent = await emptyFolder()
  const abandoned = folderOf(nobody, parent, 'dalab-transfers-a')
  const kept = [
    folderOf(process.ppid, parent, 'dalab-transfers-b'),
    folderOf(null, parent, 'dalab-transfers-being-made'),
    folderOf(nobody, parent, 'dalab-bench-a'),
  ]
  const elsewhere = folderOf(nobody, await emptyFolder(), 'elsewhere')
  symlinkSync(elsewhere, join(parent, 'dalab-transfers-link'))

  const made = await makeTemporaryFolder('dalab-transfers-', parent)
  expect(existsSync(abandoned)).toBe(false)
  for (const folder of [...kept, elsewhere])
    expect(existsSync(join(folder, 'files', 'upload.npz'))).toBe(true)

  const beside = await makeTemporaryFolder('dalab-transfers-', parent)
  expect(existsSync(made.path)).toBe(true)
  await made.remove()
  expect(existsSync(made.path)).toBe(false)
  expect(existsSync(beside.path)).toBe(true)
})
