/**
 * Loads TensorFlow's native library, once per process and only in worker processes: in Electron's main process it
 * crashes. Everything that must be set before the library is loaded is set here.
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
 * @param threads number of threads per operation, and number of operations run in parallel
 * @throws `native-missing` if the library or the addon cannot be loaded, or another backend is active
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
 * Sets the environment variables that TensorFlow reads when it is loaded. OMP_NUM_THREADS has no effect on it.
 * TensorFlow enables oneDNN by default on some processors only; it is enabled here wherever it exists, so that results
 * do not depend on that default.
 * @returns whether oneDNN's operations are in use
 */
function prepareEnvironment(threads: number): boolean {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  process.env.TF_NUM_INTRAOP_THREADS = String(threads)
  process.env.TF_NUM_INTEROP_THREADS = String(threads)
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1'
  return process.arch === 'x64' && process.env.TF_ENABLE_ONEDNN_OPTS === '1'
}

let imported: TensorFlow | undefined

/** Imported once: in the bundles, each import copies the module's thousand names, and every decoded image asks for it. */
async function importTensorFlow(): Promise<TensorFlow> {
  try {
    imported ??= await import('@tensorflow/tfjs-node')
    return imported
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw labError('native-missing', { problem: problem.split('\n')[0] ?? problem })
  }
}
