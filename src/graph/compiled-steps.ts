/**
 * Training steps as one TensorFlow graph: written as plain eager code, recorded once, then run without JavaScript
 * between the operations. TensorFlow fuses operations, runs independent ones side by side and frees what is no
 * longer needed.
 *
 * Variables live in the session of the graph. `write` puts the eager variables' values there (the start, a resumed
 * run); `read` brings them back (a checkpoint, an evaluation).
 */
import { performance } from 'perf_hooks'
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { ErrorMessage } from '../contract/errors'
import { labError, LabError, toErrorMessage } from '../contract/errors'
import type { Values } from './native'
import { nativeBackend } from './native'
import type { Call, RecordedStep, Store, StoredTensor } from './program'
import { callOf, createStore, edgesOf, nodesOf } from './program'
import type { Step, Tensors } from './recorder'
import { record } from './recorder'
import type { Session } from './session'
import { openSession } from './session'

export type { Step, Tensors } from './recorder'

export interface StepExample {
  readonly step: Step
  /** Tensors as the step will get them; their shapes and types are fixed from here on. */
  readonly inputs: Tensors
}

/** Steps that share variables. A batch of another length is another step: `{ full, last }`. */
export interface StepSources<Name extends string> {
  readonly steps: Readonly<Record<Name, StepExample>>
  /** Every variable that a step reads or changes. */
  readonly variables: Readonly<Record<string, Variable>>
  /** Large tensors that the steps use and that never change, such as all images; copied into the session. */
  readonly resident?: Tensors
}

export interface Steps<Name extends string> {
  /** Runs a step and returns its outputs, which the caller disposes. Nothing is read back. */
  run(name: Name, inputs: Tensors): Record<string, Tensor>
  /** The eager variables' values become those that the steps work on. */
  write(): void
  /** The values that the steps have reached become the eager variables' own. */
  read(): void
  dispose(): void
  readonly compiled: boolean
  /** Seconds that recording, loading and the first run took. */
  readonly seconds: number
  /** Why the steps run eagerly, if it was tried to compile them. */
  readonly obstacle: ErrorMessage | null
}

/** Parts of the largest value by which a graph's first outputs may differ from the eager step's. */
const tolerance = 1e-3

function storedTensors(tensors: Readonly<Record<string, Tensor>>): StoredTensor[] {
  const backend = nativeBackend()
  return Object.entries(tensors).map(([name, tensor]) => ({
    name,
    dtype: backend.getDTypeInteger(tensor.dtype),
    shape: tensor.shape,
  }))
}

function describe(tensor: Tensor | undefined): string {
  return tensor === undefined ? '-' : `${tensor.dtype} [${tensor.shape.join(', ')}]`
}

/** In the order in which they were compiled. */
function checkedInputs(step: string, given: Tensors, examples: ReadonlyMap<string, string>): Tensor[] {
  return [...examples].map(([name, expected]) => {
    const tensor = given[name]
    const found = describe(tensor)
    if (tensor === undefined || found !== expected)
      throw labError('step-wrong-input', { step, input: name, found, expected })
    return tensor
  })
}

function runCall(session: Session, call: Call, inputs: readonly Tensor[]): Record<string, Tensor> {
  const tensors = session.run(inputs, call.feeds, call.fetches)
  tensors[call.outputs.length]?.dispose()
  return Object.fromEntries(
    tensors.slice(0, call.outputs.length).map((tensor, k) => [call.outputs[k], tensor]),
  )
}

function write(session: Session, store: Store, tensors: readonly Tensor[]): void {
  if (tensors.length === 0) return
  for (const done of session.run(tensors, store.write, [store.written])) done.dispose()
}

/** The first pair of values too far apart, or null. Numbers alone are compared: a class may flip by rounding. */
function disagreement(eager: Values, graph: Values): { eager: number; graph: number } | null {
  if (!(eager instanceof Float32Array && graph instanceof Float32Array)) return null
  const scale = eager.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6)
  const index = eager.findIndex((value, k) => {
    const other = graph[k] ?? NaN
    return !Object.is(value, other) && !(Math.abs(value - other) <= tolerance * scale)
  })
  return index < 0 ? null : { eager: eager[index] ?? NaN, graph: graph[index] ?? NaN }
}

/** Runs a step on the inputs of its recording: the graph must give what the eager step gave. */
function checkFirstRun(
  session: Session,
  { name, recording }: RecordedStep,
  call: Call,
  inputs: Tensors,
): void {
  const outputs = runCall(session, call, Object.values(inputs))
  try {
    for (const [output, eager] of recording.results) {
      const found = disagreement(eager, outputs[output]?.dataSync() as Float32Array)
      if (found !== null) throw labError('graph-differs', { step: name, output, ...found })
    }
  } finally {
    tf.dispose(outputs)
  }
}

/**
 * Records each step, joins them into one graph and opens a session on it, with the variables' present values. The
 * first run, on the example inputs, is compared with the eager one; the variables are as before it.
 *
 * @throws a `LabError` that names what cannot be recorded (`step-...`) or was refused (`graph-...`).
 */
export function compileSteps<Name extends string>(sources: StepSources<Name>): Steps<Name> {
  const { variables, resident = {} } = sources
  const began = performance.now()
  const examples = new Map<string, StepExample>(Object.entries<StepExample>(sources.steps))
  const variableStore = createStore('variable', storedTensors(variables))
  const residentStore = createStore('resident', storedTensors(resident))

  const recorded = [...examples].map(([name, { step, inputs }]): RecordedStep => {
    const edges = edgesOf(name, variableStore, residentStore)
    const recording = record(name, step, inputs, { variables, resident }, edges)
    return { name, inputs: storedTensors(inputs), recording }
  })
  const calls = new Map(recorded.map((step) => [step.name, callOf(step)]))
  const expected = new Map(
    [...examples].map(([name, { inputs }]) => [
      name,
      new Map(Object.entries(inputs).map(([input, tensor]) => [input, describe(tensor)])),
    ]),
  )

  const session = openSession([
    ...variableStore.nodes,
    ...residentStore.nodes,
    ...recorded.flatMap((step) => nodesOf(step, variableStore)),
  ])
  const writeVariables = (): void => write(session, variableStore, Object.values(variables))
  try {
    write(session, residentStore, Object.values(resident))
    for (const step of recorded) {
      writeVariables()
      const call = calls.get(step.name)
      const example = examples.get(step.name)
      if (call !== undefined && example !== undefined) checkFirstRun(session, step, call, example.inputs)
    }
    writeVariables()
  } catch (error) {
    session.close()
    throw error
  }

  return {
    run(name, inputs) {
      const call = calls.get(name)
      const shapes = expected.get(name)
      if (call === undefined || shapes === undefined) throw new Error(`No step "${name}" was compiled`)
      return runCall(session, call, checkedInputs(name, inputs, shapes))
    },
    write: writeVariables,
    read() {
      const names = Object.keys(variables)
      const values = session.run([], [], names.map(variableStore.read))
      Object.values(variables).forEach((variable, k) => {
        const value = values[k]
        if (value !== undefined) variable.assign(value)
      })
      tf.dispose(values)
    },
    dispose: () => session.close(),
    compiled: true,
    seconds: (performance.now() - began) / 1000,
    obstacle: null,
  }
}

/** The same steps run operation by operation on the eager variables: the reference, and what remains otherwise. */
export function eagerSteps<Name extends string>(
  { steps }: StepSources<Name>,
  obstacle: ErrorMessage | null = null,
): Steps<Name> {
  return {
    run: (name, inputs) => tf.tidy(() => steps[name].step(inputs)),
    write: () => undefined,
    read: () => undefined,
    dispose: () => undefined,
    compiled: false,
    seconds: 0,
    obstacle,
  }
}

/** Compiled steps, or eager ones that say what stood in the way. */
export function fastestSteps<Name extends string>(sources: StepSources<Name>): Steps<Name> {
  try {
    return compileSteps(sources)
  } catch (error) {
    if (error instanceof LabError) return eagerSteps(sources, toErrorMessage(error))
    throw error
  }
}
