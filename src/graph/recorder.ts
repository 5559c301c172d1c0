/**
 * Runs a training step eagerly and records it: the forward pass, tfjs's own gradients and the optimiser's assignments
 * become one list of operations. The idea is JAX's: run the function on tracers and record the operations, not the
 * code (Frostig, Johnson, Leary 2018, "Compiling machine learning programs via high-level tracing").
 *
 * A tracer is a second tensor with the same values and a new id. Every variable and input therefore has its own id,
 * even if two of them share their values (MT starts as a copy of MS). After recording, variables have their previous
 * values.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import type { Edge, Node } from './graph-def'
import { encodeNode, nodeOfEdge } from './graph-def'
import { copyOf, inputOf, readOf } from './names'
import type { NativeBackend, TensorId, Values } from '../native/backend'
import { nativeBackend, nativeBackendName } from '../native/backend'
import type { KnownTensor } from './tape'
import { createTape } from './tape'

export type Tensors = Readonly<Record<string, Tensor>>

/**
 * One training step: a pure function of its inputs and of variables, which it changes only by `assign`. Randomness and
 * everything else that can change between calls are inputs, and it reads no values back.
 */
export type Step = (inputs: Tensors) => Record<string, Tensor>

/** What a step may read in addition to its inputs. */
export interface RecordingContext {
  readonly variables: Readonly<Record<string, Variable>>
  /** Large constant tensors: the images from which batches are gathered. */
  readonly resident: Tensors
}

export interface Recording {
  readonly nodes: readonly Node[]
  readonly outputs: ReadonlyMap<string, Edge>
  /** The value of each variable after the step; unchanged variables are left out. */
  readonly updates: ReadonlyMap<string, Edge>
  /** The outputs of this run, to compare with the graph's first run. */
  readonly results: ReadonlyMap<string, Values>
}

/** A second tensor with the same values and a new id. */
function tracerOf(backend: NativeBackend, tensor: Tensor): Tensor {
  const dtype = {
    name: 'T',
    type: backend.binding.TF_ATTR_TYPE,
    value: backend.getDTypeInteger(tensor.dtype),
  }
  return backend.executeSingleOutput('Identity', [dtype], [tensor])
}

/** Saves the values of all variables. The returned function restores them and disposes of variables created since. */
function saveVariables(): () => void {
  const before = Object.values(tf.engine().registeredVariables).map((variable) => ({
    variable,
    value: tf.clone(variable as Tensor),
  }))
  return () => {
    for (const { variable, value } of before) {
      if (variable.dataId !== value.dataId) variable.assign(value)
      value.dispose()
    }
    const known = new Set(before.map(({ variable }) => variable))
    for (const variable of Object.values(tf.engine().registeredVariables))
      if (!known.has(variable)) variable.dispose()
  }
}

/**
 * Replaces tfjs-node's gather kernel during recording. That kernel reads the indices back before every call to check
 * their range. The plain operation checks the range itself. The returned function restores the kernel.
 */
function gatherWithoutReading(backend: NativeBackend): () => void {
  const checked = tf.getKernel(tf.GatherV2, nativeBackendName)
  tf.unregisterKernel(tf.GatherV2, nativeBackendName)
  tf.registerKernel({
    kernelName: tf.GatherV2,
    backendName: nativeBackendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, indices } = inputs as unknown as Readonly<Record<'x' | 'indices', Tensor>>
      const { axis, batchDims } = attrs as unknown as tf.GatherV2Attrs
      const { TF_ATTR_INT, TF_ATTR_TYPE, TF_INT32 } = backend.binding
      const types = [
        { name: 'Tparams', type: TF_ATTR_TYPE, value: backend.getDTypeInteger(x.dtype) },
        { name: 'Tindices', type: TF_ATTR_TYPE, value: backend.getDTypeInteger(indices.dtype) },
        { name: 'Taxis', type: TF_ATTR_TYPE, value: TF_INT32 },
      ]
      return tf.tidy(() =>
        backend.executeSingleOutput(
          'GatherV2',
          [{ name: 'batch_dims', type: TF_ATTR_INT, value: batchDims }, ...types],
          [x, indices, tf.scalar(axis, 'int32')],
        ),
      )
    },
  })
  return () => {
    tf.unregisterKernel(tf.GatherV2, nativeBackendName)
    tf.registerKernel(checked)
  }
}

/**
 * Records one run of the step. The caller restores the variables.
 * @throws the errors of `createTape`, and `step-variable-unlisted` for an unlisted variable that the step changes or
 * creates
 */
function recordOnce(name: string, step: Step, inputs: Tensors, context: RecordingContext): Recording {
  const backend = nativeBackend()
  const originalBinding = backend.binding
  const idOf = (tensor: Tensor): TensorId => backend.getInputTensorIds([tensor])[0] ?? -1

  const listed = new Set(Object.values(context.variables))
  const unlisted = Object.values(tf.engine().registeredVariables).filter((variable) => !listed.has(variable))
  const unlistedIds = new Map(unlisted.map((variable) => [idOf(variable), variable.name]))
  const unlistedDataBefore = new Map(unlisted.map((variable) => [variable, variable.dataId]))

  const known = new Map<TensorId, KnownTensor>()
  for (const [label, tensor] of Object.entries(context.resident))
    known.set(idOf(tensor), { edge: `${readOf('resident', label)}:0`, label })
  for (const [label, variable] of Object.entries(context.variables)) {
    variable.assign(tracerOf(backend, variable))
    known.set(idOf(variable), { edge: `${readOf('variable', label)}:0`, label })
  }
  const tracers = Object.entries(inputs).map(([label, tensor]): [string, Tensor] => {
    const tracer = tracerOf(backend, tensor)
    known.set(idOf(tracer), { edge: `${copyOf(inputOf(name, label))}:0`, label })
    return [label, tracer]
  })
  const dataBefore = new Map(
    Object.entries(context.variables).map(([label, variable]) => [label, variable.dataId]),
  )

  const tape = createTape(originalBinding, { step: name, known, strangers: unlistedIds })
  const restoreGather = gatherWithoutReading(backend)
  backend.binding = tape.binding
  let outcome: Record<string, Tensor>
  const outputs = new Map<string, Edge>()
  const updates = new Map<string, Edge>()
  try {
    outcome = step(Object.fromEntries(tracers))
    for (const [label, tensor] of Object.entries(outcome)) outputs.set(label, tape.edgeOf(idOf(tensor)))
    for (const [label, variable] of Object.entries(context.variables))
      if (variable.dataId !== dataBefore.get(label)) updates.set(label, tape.edgeOf(idOf(variable)))
  } finally {
    backend.binding = originalBinding
    restoreGather()
  }
  for (const variable of Object.values(tf.engine().registeredVariables))
    if (!listed.has(variable) && unlistedDataBefore.get(variable) !== variable.dataId)
      throw labError('step-variable-unlisted', { step: name, variable: variable.name })
  const results = new Map(
    Object.entries(outcome).map(([label, tensor]) => [
      label,
      originalBinding.tensorDataSync(idOf(tensor)).slice(),
    ]),
  )
  return { nodes: tape.nodes, outputs, updates, results }
}

/** Removes operations that no output and no update needs, such as gathering a batch that is not used. */
function pruned(recording: Recording): Recording {
  const needed = new Set([...recording.outputs.values(), ...recording.updates.values()].map(nodeOfEdge))
  const nodes = [...recording.nodes].reverse().filter((node) => {
    if (!needed.has(node.name)) return false
    for (const input of node.inputs) needed.add(nodeOfEdge(input))
    return true
  })
  return { ...recording, nodes: nodes.reverse() }
}

/**
 * The type of the first operation in which two recordings differ; null if they are equal. For a constant, it is the
 * type of the operation that uses the constant.
 */
function firstDifference(one: Recording, other: Recording): string | null {
  const index = one.nodes.findIndex((node, position) => {
    const counterpart = other.nodes[position]
    return counterpart === undefined || Buffer.compare(encodeNode(node), encodeNode(counterpart)) !== 0
  })
  const node = one.nodes[index]
  if (node === undefined) return one.nodes.length === other.nodes.length ? null : 'Const'
  return one.nodes.find(({ inputs }) => inputs.includes(`${node.name}:0`))?.op ?? node.op
}

/**
 * Records the step twice and keeps the first recording. If the second differs, the step depends on something other than
 * its inputs, such as a random number from JavaScript or a counter. A recording would freeze that value.
 *
 * @throws `step-not-repeatable` if the recordings differ, and the errors of a single recording
 */
export function record(name: string, step: Step, inputs: Tensors, context: RecordingContext): Recording {
  const once = (): Recording => {
    const restoreVariables = saveVariables()
    tf.engine().startScope(name)
    try {
      return recordOnce(name, step, inputs, context)
    } finally {
      tf.engine().endScope()
      restoreVariables()
    }
  }
  const recording = once()
  const difference = firstDifference(recording, once())
  if (difference !== null) throw labError('step-not-repeatable', { step: name, op: difference })
  return pruned(recording)
}
