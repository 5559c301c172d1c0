/**
 * Ends this process when the service that started it has ended, even while the main thread computes: a blocked event
 * loop does not see the channel close. A separate thread checks the parent's process id every second.
 */
import { Worker } from 'worker_threads'
import { serviceVariable } from '../contract/worker'

const lookEveryMs = 1000

/**
 * A string, so that no script file has to be located, packaged or not. A process whose parent has died gets another
 * parent on POSIX systems; on Windows it keeps the id of the dead one.
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

/** @param graceMs time for this process to save its work and end by itself before it is killed */
export function endWithService(graceMs = 0): void {
  const service = Number(process.env[serviceVariable] ?? process.ppid)
  new Worker(watch, { eval: true, workerData: { service, graceMs, lookEveryMs } }).unref()
}
