/** Finds the child processes of a process; Linux only. */
import { readFileSync } from 'fs'

/** Children of `pid` whose command line contains `program`, oldest first. */
export function childrenOf(pid: number, program: string): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return children
    .split(' ')
    .filter((child) => child !== '' && commandOf(child).includes(program))
    .map(Number)
}

/** Empty if the process has ended in the meantime. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
