/** The lock that gives a run a single writer. */
import { basename } from 'path'
import { labError } from '../contract/errors'
import { acquireLockAt, lockHolderAt, type LockHolder, releaseLockAt, type Release } from '../files/lock'
import { lockPath } from './run-folder'

export type { LockHolder, Release }

/**
 * Takes the lock of a run for this process.
 * @param from the process that hands the lock over to this one; null if the lock is expected to be free
 * @throws `run-locked` with the holder's process id, `no-permission`, `disk-full`
 */
export function acquireLock(folder: string, from: number | null = null): Promise<Release> {
  const refusal = (pid: number) => labError('run-locked', { run: basename(folder), pid })
  return acquireLockAt(lockPath(folder), refusal, from)
}

/** Releases this process's own lock, also if the folder was renamed after the lock was taken. */
export const releaseLock = (folder: string): Promise<void> => releaseLockAt(lockPath(folder))

/** The live process that writes this run; null if there is none, or only a stale lock. */
export const lockHolder = (folder: string): Promise<LockHolder | null> => lockHolderAt(lockPath(folder))
