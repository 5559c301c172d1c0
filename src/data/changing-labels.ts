/**
 * Changes of labels, one after another: each reads the table, changes it and writes it, so that of two at once one would
 * be lost. A lock beside the table keeps other programs out; one program's analyst does one task after another.
 */
import { join } from 'path'
import { labError, LabError } from '../contract/errors'
import { makeFolder } from '../files/atomic'
import { acquireLockAt, type Release } from '../files/lock'

/** In ms. A change takes milliseconds, an import that takes labels over a few seconds. */
const mostWaiting = 20_000
const betweenTries = 25

const lockFile = (datasets: string, dataset: string): string => join(datasets, `.${dataset}.labels.lock`)

async function lockOf(dataset: string, datasets: string): Promise<Release> {
  await makeFolder(datasets)
  const refusal = (pid: number) => labError('labels-locked', { dataset, pid })
  for (const end = Date.now() + mostWaiting; ;) {
    try {
      return await acquireLockAt(lockFile(datasets, dataset), refusal)
    } catch (error) {
      const isHeld = error instanceof LabError && (error as LabError).code === 'labels-locked'
      if (!isHeld || Date.now() > end) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, betweenTries))
  }
}

/**
 * Does `work` while nothing else changes the labels of this dataset.
 * @throws `labels-locked` if another process holds the lock for long, `no-permission`, `disk-full`, and what `work` throws
 */
export async function changingLabels<T>(
  dataset: string,
  datasets: string,
  work: () => Promise<T>,
): Promise<T> {
  const release = await lockOf(dataset, datasets)
  try {
    return await work()
  } finally {
    await release()
  }
}
