/**
 * logs/lab.log: what worker processes write on stderr and which messages were refused, for whoever looks for
 * the cause of a crash or an attack.
 */
import { promises as fs } from 'fs'
import { join } from 'path'

/** Larger than this, the log begins anew. */
const mostBytes = 2 ** 20

/** Returns the function that adds to the log. A log that cannot be written must not stop what it tells of. */
export function openLog(folder: () => string): (text: string) => void {
  let last: Promise<unknown> = Promise.resolve()
  return (text) => {
    last = last.then(() => append(folder(), text)).catch(() => undefined)
  }
}

async function append(folder: string, text: string): Promise<void> {
  const path = join(folder, 'lab.log')
  await fs.mkdir(folder, { recursive: true })
  const size = await fs.stat(path).then(
    (stat) => stat.size,
    () => 0,
  )
  await fs.writeFile(path, text, { flag: size > mostBytes ? 'w' : 'a' })
}
