/** Registers kernels for TensorFlow operations that tfjs-node does not support. */
import * as tf from '@tensorflow/tfjs-core'
import { nativeBackendName, type NativeAttribute, type NativeBackend } from './backend'

/** Attributes in short form: an element type, or a text. */
type Attributes = Readonly<Record<string, 'float32' | 'int32' | { readonly text: string }>>

function native({ binding }: NativeBackend, attributes: Attributes): NativeAttribute[] {
  return Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'object') return { name, type: binding.TF_ATTR_STRING, value: value.text }
    const type = value === 'float32' ? binding.TF_FLOAT : binding.TF_INT32
    return { name, type: binding.TF_ATTR_TYPE, value: type }
  })
}

/**
 * Makes the kernel `kernelName` run the operation `op`, unless it is already registered. `inputsOf` gives the
 * operation's inputs, in order, from the kernel's inputs and attributes.
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
