import { spawn, type ChildProcess } from 'child_process'
import { once } from 'events'
import { promises as fs } from 'fs'
import { basename } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { acquireLock, lockHolder } from '../../../src/checkpoints/lock'
import { lockPath } from '../../../src/checkpoints/run-folder'
import { emptyFolder, errorOf } from './samples'

let folder: string

beforeEach(async () => {
  folder = await emptyFolder()
})

/** A process that does nothing until it is killed. */
async function idleProcess(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  return child as ChildProcess & { pid: number }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

describe('the lock of a run', () => {
  it('is held by one, and free again when given back', async () => {
    const release = await acquireLock(folder)
    expect((await lockHolder(folder))?.pid).toBe(process.pid)
    const params = { run: basename(folder), pid: process.pid }
    expect(await errorOf(() => acquireLock(folder))).toMatchObject({ code: 'run-locked', params })
    await release()
    expect(await lockHolder(folder)).toBeNull()
    await (
      await acquireLock(folder)
    )()
    expect(await fs.readdir(folder)).toEqual([])
  })

  it('goes to one of many who ask at once', async () => {
    const asked = Array.from({ length: 20 }, () => acquireLock(folder))
    const answers = await Promise.allSettled(asked)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('of a living process is respected, of a dead one taken over', async () => {
    const child = await idleProcess()
    await fs.writeFile(lockPath(folder), JSON.stringify({ pid: child.pid, started: null }))
    expect(await errorOf(() => acquireLock(folder))).toMatchObject({ params: { pid: child.pid } })
    await end(child)
    expect(await lockHolder(folder)).toBeNull()
    await (
      await acquireLock(folder)
    )()
  })

  it.runIf(process.platform === 'linux')(
    'of a process that was killed and not waited for is stale',
    async () => {
      // The shell replaces itself by a program that does not wait for its child, so the child stays a zombie.
      const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 1000'])
      const [said] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(said.toString())
      const stat = () => fs.readFile(`/proc/${pid}/stat`, 'utf8')
      while (!(await stat()).includes(') Z ')) await new Promise((resolve) => setTimeout(resolve, 10))
      const boot = await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8')
      const started = `${boot.trim()} ${(await stat()).split(') ')[1]?.split(' ')[19] ?? ''}`
      await fs.writeFile(lockPath(folder), JSON.stringify({ pid, started }))
      expect(await lockHolder(folder)).toBeNull()
      await end(parent)
    },
  )

  it.runIf(process.platform === 'linux')('of an earlier process with the same id is stale', async () => {
    await acquireLock(folder)
    const own = JSON.parse(await fs.readFile(lockPath(folder), 'utf8')) as { pid: number; started: string }
    expect(own.pid).toBe(process.pid)
    expect(own.started).toMatch(/^[0-9a-f-]{36} \d+$/)
    await fs.writeFile(lockPath(folder), JSON.stringify({ ...own, started: `${own.started}0` }))
    expect(await lockHolder(folder)).toBeNull()
    const release = await acquireLock(folder)
    expect(JSON.parse(await fs.readFile(lockPath(folder), 'utf8'))).toEqual(own)
    await release()
  })

  it('is handed over by the one that holds it, and by no other', async () => {
    const child = await idleProcess()
    await fs.writeFile(lockPath(folder), JSON.stringify({ pid: child.pid, started: null }))
    expect(await errorOf(() => acquireLock(folder, process.ppid))).toMatchObject({
      params: { pid: child.pid },
    })
    const release = await acquireLock(folder, child.pid)
    expect((await lockHolder(folder))?.pid).toBe(process.pid)
    expect(await fs.readdir(folder)).toEqual(['lock'])
    await release()
    expect(await lockHolder(folder)).toBeNull()
    await end(child)
  })

  it('that was never filled is stale', async () => {
    await fs.writeFile(lockPath(folder), '')
    expect(await lockHolder(folder)).toBeNull()
    await (
      await acquireLock(folder)
    )()
  })

  it('that is larger than any is read no further, and stale', async () => {
    const padded = JSON.stringify({ pid: process.pid, started: null }).padEnd(5000)
    await fs.writeFile(lockPath(folder), padded)
    expect(await lockHolder(folder)).toBeNull()
  })

  it('that another took over meanwhile is left alone', async () => {
    const release = await acquireLock(folder)
    const other = JSON.stringify({ pid: 1, started: 'another' })
    await fs.writeFile(lockPath(folder), other)
    await release()
    expect(await fs.readFile(lockPath(folder), 'utf8')).toBe(other)
  })
})
