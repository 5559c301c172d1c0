/**
 * Ends this process when the service that started it is gone, whatever its main thread computes: an event loop that
 * does not turn hears of no channel that closes. A thread of its own looks at the parent's process id every second.
 */
import { Worker } from 'worker_threads'
import { serviceVariable } from '../contract/worker'

const lookEveryMs = 1000

/**
 * As text, so that no file has to be found beside the program, in a package or out of it. A process whose parent
 * has died gets another parent on POSIX systems; on Windows it keeps the id of one that is no more.
 */
const watch = `
const { workerData: { service, graceMs, lookEveryMs } } = require('worker_threads')
function isGone() {
  if (process.ppid !== service) return true
  try {
    process.kill(service, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
const look = setInterval(() => {
  if (!isGone()) return
  clearInterval(look)
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs)
}, lookEveryMs)
`

/** @param graceMs what this process has to end by itself, with what it has to save saved */
export function endWithService(graceMs = 0): void {
  const service = Number(process.env[serviceVariable] ?? process.ppid)
  new Worker(watch, { eval: true, workerData: { service, graceMs, lookEveryMs } }).unref()
}
