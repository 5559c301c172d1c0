/** TensorFlow's operations for which tfjs-node has no kernel, as kernels of its backend. */
import * as tf from '@tensorflow/tfjs-core'
import { nativeBackendName, type NativeAttribute, type NativeBackend } from './backend'

/** Attributes as people write them: an element type, or a text. */
type Attributes = Readonly<Record<string, 'float32' | 'int32' | { readonly text: string }>>

function native({ binding }: NativeBackend, attributes: Attributes): NativeAttribute[] {
  return Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'object') return { name, type: binding.TF_ATTR_STRING, value: value.text }
    const type = value === 'float32' ? binding.TF_FLOAT : binding.TF_INT32
    return { name, type: binding.TF_ATTR_TYPE, value: type }
  })
}

/**
 * Makes `kernelName` run the operation `op`, if nothing runs it yet. `inputsOf` gives its inputs, in order, from
 * those of the kernel and its attributes.
 */
export function registerOperation<Inputs, Attrs>(
  kernelName: string,
  op: string,
  attributes: Attributes,
  inputsOf: (inputs: Inputs, attrs: Attrs) => tf.Tensor[],
): void {
  const known = tf.getKernelsForBackend(nativeBackendName).some((kernel) => kernel.kernelName === kernelName)
  if (known || tf.getBackend() !== nativeBackendName) return
  tf.registerKernel({
    kernelName,
    backendName: nativeBackendName,
    kernelFunc({ inputs, backend, attrs }) {
      const executor = backend as unknown as NativeBackend
      return tf.tidy(() =>
        executor.executeSingleOutput(
          op,
          native(executor, attributes),
          inputsOf(inputs as unknown as Inputs, attrs as unknown as Attrs),
        ),
      )
    },
  })
}
