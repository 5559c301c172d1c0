/**
 * A run has one writer. Its lock is a file with the writer's process id and when that process started: an id
 * alone is given again to other processes, so that a lock which a crash left behind would look held.
 */
import { promises as fs } from 'fs'
import { basename } from 'path'
import { z } from 'zod'
import { labError, LabError } from '../contract/errors'
import { writeAtomic } from '../files/atomic'
import { fileError, hasCode, isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { lockPath } from './run-folder'

const holderSchema = z.strictObject({
  pid: z.int().min(1),
  /** Boot and start of the process, where the system tells; null elsewhere. */
  started: z.string().nullable(),
})
export type LockHolder = z.infer<typeof holderSchema>

/** Gives the lock back; does nothing where it is no longer this process's own. */
export type Release = () => Promise<void>

/**
 * Takes the lock of a run for this process.
 * @param from the process that holds it for this one, and hands it over; null where it is to be free
 * @throws `run-locked` with the holder's process id, `no-permission`, `disk-full`
 */
export async function acquireLock(folder: string, from: number | null = null): Promise<Release> {
  const path = lockPath(folder)
  const own = await thisProcess()
  for (;;) {
    if (from !== null && (await takeOver(path, own, from))) break
    if (await tryCreate(path, own)) break
    const found = await readSettled(path)
    if (found !== null && (await isAlive(found))) {
      throw labError('run-locked', { run: basename(folder), pid: found.pid })
    }
    await removeStale(path, found)
  }
  return () => releaseLock(folder)
}

async function thisProcess(): Promise<LockHolder> {
  return { pid: process.pid, started: await startOf(process.pid) }
}

/** Gives this process's own lock back, also where the folder got its name after the lock was taken. */
export async function releaseLock(folder: string): Promise<void> {
  const path = lockPath(folder)
  const found = await readHolder(path)
  const own = await thisProcess()
  if (found !== null && isSame(found, own)) await fs.unlink(path)
}

/** The live process that writes this run; null where there is none, or only a stale lock. */
export async function lockHolder(folder: string): Promise<LockHolder | null> {
  const found = await readHolder(lockPath(folder))
  return found !== null && (await isAlive(found)) ? found : null
}

/** There is no moment at which nobody holds it: another process would call the run interrupted. */
async function takeOver(path: string, own: LockHolder, from: number): Promise<boolean> {
  const found = await readHolder(path)
  if (found?.pid !== from || !(await isAlive(found))) return false
  await writeAtomic(path, JSON.stringify(own))
  return true
}

async function tryCreate(path: string, own: LockHolder): Promise<boolean> {
  try {
    await fs.writeFile(path, JSON.stringify(own), { flag: 'wx' })
    return true
  } catch (problem) {
    if (hasCode(problem, 'EEXIST')) return false
    // A lock that could not be filled (full disk) would look like one that is being taken.
    if (hasCode(problem, 'ENOSPC') || hasCode(problem, 'EDQUOT')) await fs.unlink(path).catch(() => undefined)
    throw fileError(problem, path)
  }
}

/** A process id and its start take less than a hundred. */
const maxBytes = 4096

/** Null also where what lies there names no holder: it is cut short, too large, no file. */
async function readHolder(path: string): Promise<LockHolder | null> {
  try {
    const text = (await readBounded(path, maxBytes)).toString('utf8')
    const holder = holderSchema.safeParse(JSON.parse(text))
    return holder.success ? holder.data : null
  } catch (problem) {
    if (isMissing(problem) || problem instanceof SyntaxError || problem instanceof LabError) return null
    throw fileError(problem, path)
  }
}

/** Another process may be between creating its lock and filling it: that takes far less than this wait. */
async function readSettled(path: string): Promise<LockHolder | null> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const holder = await readHolder(path)
    if (holder !== null) return holder
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return null
}

/**
 * Moves the stale lock aside before deleting it: of two processes that found it stale, only one can move it,
 * and should the other move the winner's new lock instead, it sees so and puts it back.
 */
async function removeStale(path: string, stale: LockHolder | null): Promise<void> {
  const aside = `${path}.stale-${process.pid}`
  try {
    await fs.rename(path, aside)
  } catch (problem) {
    if (isMissing(problem)) return
    throw fileError(problem, path)
  }
  const moved = await readHolder(aside)
  const isTheStaleOne = moved === null ? stale === null : stale !== null && isSame(moved, stale)
  if (!isTheStaleOne) await fs.link(aside, path).catch(() => undefined)
  await fs.unlink(aside)
}

function isSame(a: LockHolder, b: LockHolder): boolean {
  return a.pid === b.pid && a.started === b.started
}

/** Where starts are not known, a process of this id counts as the holder: rather refuse than write twice. */
async function isAlive({ pid, started }: LockHolder): Promise<boolean> {
  if (!exists(pid)) return false
  const now = await startOf(pid)
  return started === null || now === null || started === now
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (problem) {
    // A process of another user exists too.
    return hasCode(problem, 'EPERM')
  }
}

/** When a process started, `ended` where it is a zombie: Linux tells it in clock ticks since the boot, field 22 of /proc/<pid>/stat. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const boot = await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field, the program's name in brackets, may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // Killed, but not yet waited for by whoever started it: it writes no more, and never began as the same process.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended'
    const ticks = fields[22 - 3]
    return ticks === undefined ? null : `${boot.trim()} ${ticks}`
  } catch {
    return null
  }
}
