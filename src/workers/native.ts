/**
 * Loads TensorFlow's native library, once a process and only in worker processes: inside Electron's main process
 * it crashes. Everything that must be set before the library is read from disk is set here.
 */
import util from 'util'
import type { Machinery } from '../contract/record'
import { labError } from '../contract/errors'
import { nativeBackend, nativeBackendName } from '../native/backend'
import { version } from '../../package.json'

export type TensorFlow = typeof import('@tensorflow/tfjs-node')

export interface NativeTensorFlow {
  readonly tf: TensorFlow
  readonly machinery: Machinery
}

/**
 * @param threads how many threads one operation may use, and how many operations run side by side
 * @throws `native-missing` when the library or the addon cannot be loaded, or another backend answers
 */
export async function loadTensorFlow(threads: number): Promise<NativeTensorFlow> {
  restoreRemovedFunctions()
  const oneDnn = prepareEnvironment(threads)
  const tf = await importTensorFlow()
  await tf.ready()
  const { binding } = nativeBackend()
  const machinery = {
    lab: version,
    backend: nativeBackendName,
    tensorflow: binding.TF_Version,
    tfjsNode: tf.version['tfjs-node'],
    oneDnn,
    threads,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  }
  return { tf, machinery }
}

/** tfjs-node 4.22.0 calls two functions of Node's util that Node 23 removed; without them every operation throws. */
function restoreRemovedFunctions(): void {
  const functions = util as unknown as Record<string, unknown>
  functions.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  functions.isArray ??= Array.isArray
}

/**
 * TensorFlow reads these when it is loaded. OMP_NUM_THREADS has no effect on it. oneDNN is its default only on
 * some processors; it is asked for everywhere it exists, so that a figure does not depend on that.
 * @returns whether oneDNN's operations are in use
 */
function prepareEnvironment(threads: number): boolean {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  process.env.TF_NUM_INTRAOP_THREADS = String(threads)
  process.env.TF_NUM_INTEROP_THREADS = String(threads)
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1'
  return process.arch === 'x64' && process.env.TF_ENABLE_ONEDNN_OPTS === '1'
}

async function importTensorFlow(): Promise<TensorFlow> {
  try {
    return await import('@tensorflow/tfjs-node')
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw labError('native-missing', { problem: problem.split('\n')[0] ?? problem })
  }
}
