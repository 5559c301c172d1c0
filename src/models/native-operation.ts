/** TensorFlow's operations for which tfjs-node has no kernel, as kernels of its backend. */
import * as tf from '@tensorflow/tfjs-core'

type AttributeType = 'TF_ATTR_TYPE' | 'TF_ATTR_STRING' | 'TF_FLOAT' | 'TF_INT32'

/** What is needed of tfjs-node's backend. */
interface Executor {
  readonly binding: Readonly<Record<AttributeType, number>>
  executeSingleOutput(op: string, attributes: Attribute[], inputs: tf.Tensor[]): tf.Tensor
}

interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: unknown
}

/** Attributes as people write them: an element type, or a text. */
type Attributes = Readonly<Record<string, 'float32' | 'int32' | { readonly text: string }>>

const backendName = 'tensorflow'

function native({ binding }: Executor, attributes: Attributes): Attribute[] {
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
  const known = tf.getKernelsForBackend(backendName).some((kernel) => kernel.kernelName === kernelName)
  if (known || tf.getBackend() !== backendName) return
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc({ inputs, backend, attrs }) {
      const executor = backend as unknown as Executor
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
