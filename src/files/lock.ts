/**
 * A lock file, which gives other files a single writer. It holds the writer's process id and its start time: systems
 * reuse ids, so with the id alone a lock left by a crash could look held.
 */
import { promises as fs } from 'fs'
import { z } from 'zod'
import { LabError } from '../contract/errors'
import { writeAtomic } from './atomic'
import { fileError, hasCode, isMissing } from './file-error'
import { readBounded } from './read'

const holderSchema = z.strictObject({
  pid: z.int().min(1),
  /** Boot id and start time of the process; null if the system does not report them. */
  started: z.string().nullable(),
})
export type LockHolder = z.infer<typeof holderSchema>

/** Releases the lock; does nothing if this process no longer holds it. */
export type Release = () => Promise<void>

/**
 * Takes a lock for this process.
 * @param refusal what is thrown if a living process holds it, this one included, by the holder's process id
 * @param from the process that hands the lock over to this one; null if the lock is expected to be free
 * @throws `refusal`, `no-permission`, `disk-full`
 */
export async function acquireLockAt(
  path: string,
  refusal: (pid: number) => LabError,
  from: number | null = null,
): Promise<Release> {
  const taken = await tryLockAt(path, from)
  if ('holder' in taken) throw refusal(taken.holder.pid)
  return taken.release
}

/** Takes a lock for this process, or tells which living process holds it. Throws `no-permission`, `disk-full`. */
export async function tryLockAt(
  path: string,
  from: number | null = null,
): Promise<{ readonly release: Release } | { readonly holder: LockHolder }> {
  const own = await thisProcess()
  for (;;) {
    if (from !== null && (await takeOver(path, own, from))) break
    if (await tryCreate(path, own)) break
    const holder = await readSettled(path)
    if (holder !== null && (await isAlive(holder))) return { holder }
    await removeStale(path, holder)
  }
  return { release: () => releaseLockAt(path) }
}

async function thisProcess(): Promise<LockHolder> {
  return { pid: process.pid, started: await startOf(process.pid) }
}

/** Releases this process's own lock, also if its folder was renamed after the lock was taken. */
export async function releaseLockAt(path: string): Promise<void> {
  const found = await readHolder(path)
  const own = await thisProcess()
  if (found !== null && isSame(found, own)) await fs.unlink(path)
}

/** Removes a lock that one of these processes, which have ended, left behind. */
export async function removeStaleLock(path: string, processes: readonly number[]): Promise<void> {
  const found = await readHolder(path).catch(() => null)
  if (found !== null && processes.includes(found.pid)) await fs.unlink(path).catch(() => undefined)
}

/** The live process that holds a lock; null if there is none, or only a stale lock. */
export async function lockHolderAt(path: string): Promise<LockHolder | null> {
  const found = await readHolder(path)
  return found !== null && (await isAlive(found)) ? found : null
}

/** Replaces the lock atomically: if it were free for a moment, another process would see its files as abandoned. */
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
    // On a full disk the empty lock is deleted: it would look like a lock that is being taken.
    if (hasCode(problem, 'ENOSPC') || hasCode(problem, 'EDQUOT')) await fs.unlink(path).catch(() => undefined)
    throw fileError(problem, path)
  }
}

/** A process id and its start take less than 100 bytes. */
const maxBytes = 4096

/** Returns null also if the lock file names no holder: truncated, too large or not a regular file. */
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

/** Waits up to 200 ms: another process may have created its lock and not filled it yet. */
async function readSettled(path: string): Promise<LockHolder | null> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const holder = await readHolder(path)
    if (holder !== null) return holder
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return null
}

/**
 * Moves the stale lock aside before deleting it. If two processes find it stale, only one can move it; a process that
 * moved the other's new lock by mistake detects this and puts it back.
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

/** If start times are unknown, any process with this id counts as the holder: a refusal is safer than two writers. */
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
    // EPERM: the process exists and belongs to another user.
    return hasCode(problem, 'EPERM')
  }
}

/**
 * The start of a process on Linux: boot id and clock ticks since the boot, field 22 of /proc/<pid>/stat; `ended` for a
 * zombie; null on other systems.
 */
async function startOf(pid: number): Promise<string | null> {
  try {
    const boot = await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field, the program's name in brackets, can contain spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie: killed, but not yet waited for by its parent. It writes no more, so it must not match the lock's
    // holder.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended'
    const ticks = fields[22 - 3]
    return ticks === undefined ? null : `${boot.trim()} ${ticks}`
  } catch {
    return null
  }
}
