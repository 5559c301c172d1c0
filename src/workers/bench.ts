/**
 * Measures one aspect of the lab's speed in a process of its own, which the command `bench` starts.
 *
 *   node bench.cjs '{"task":"steps","stage":{"method":"adda"},"batch":50,"steps":150,"threads":2,"engine":"compiled"}'
 *
 * Prints one line, a `BenchResult` as JSON.
 */
import { toErrorMessage } from '../contract/errors'
import { benchRequestSchema, type BenchRequest } from '../contract/worker'
import type { Measured } from './bench-experiments'
import { timeCheckpoint, timeFirstBatch, timePublishedRun } from './bench-files'
import { limitOf, timeEvaluation, timeStart, timeSteps } from './bench-steps'
import { endWithService } from './end-with-service'
import { loadTensorFlow, type NativeTensorFlow } from './native'

function measure(request: BenchRequest, native: NativeTensorFlow): Measured | Promise<Measured> {
  switch (request.task) {
    case 'steps':
      return timeSteps(request)
    case 'evaluation':
      return timeEvaluation(request)
    case 'start':
      return timeStart(native)
    case 'data':
      return timeFirstBatch()
    case 'checkpoint':
      return timeCheckpoint(native)
    case 'limit':
      return limitOf(native)
    case 'run':
      return timePublishedRun(request, native)
  }
}

async function main(): Promise<void> {
  try {
    const request = benchRequestSchema.parse(JSON.parse(process.argv[2] ?? 'null'))
    const native = await loadTensorFlow(request.threads)
    const measured = await measure(request, native)
    const { user, system } = process.cpuUsage()
    const result = { ...measured, machinery: native.machinery, processor: (user + system) / 1e6 }
    process.stdout.write(`${JSON.stringify(result)}\n`)
  } catch (error) {
    process.stderr.write(`${JSON.stringify(toErrorMessage(error))}\n`)
    process.exitCode = 1
  }
}

endWithService()
void main()
