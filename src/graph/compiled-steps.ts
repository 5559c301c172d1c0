/**
 * Compiles training steps into one TensorFlow graph. A step is written as plain eager code, recorded once, and then
 * run without JavaScript between the operations. TensorFlow fuses operations, runs independent ones in parallel and
 * frees memory early.
 *
 * The variables are held in the graph's session. `write` copies the eager variables' values to it (at the start, or
 * when resuming); `read` copies them back (for a checkpoint or an evaluation).
 */
import { performance } from 'perf_hooks'
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { ErrorMessage } from '../contract/errors'
import { labError, LabError, toErrorMessage } from '../contract/errors'
import type { Values } from '../native/backend'
import { nativeBackend } from '../native/backend'
import type { Kind } from './names'
import { readOf } from './names'
import type { RecordedStep, TensorType } from './program'
import { readCall, residentNodes, stepCall, stepNodes, variableNodes, writeCall } from './program'
import type { Step, Tensors } from './recorder'
import { record } from './recorder'
import type { Session } from './session'
import { openSession } from './session'

export type { Step, Tensors } from './recorder'

export interface StepExample {
  readonly step: Step
  /** Example inputs of the step; they fix the shapes and types. */
  readonly inputs: Tensors
}

/** Steps that share variables. A batch of another length is a separate step: `{ full, last }`. */
export interface StepSources<Name extends string> {
  readonly steps: Readonly<Record<Name, StepExample>>
  /** Every variable that a step reads or changes. */
  readonly variables: Readonly<Record<string, Variable>>
  /** Large constant tensors that the steps use, such as all images; copied into the session once. */
  readonly resident?: Tensors
}

export interface Steps<Name extends string> {
  /** Runs a step and returns its outputs, which the caller disposes. No values are read back. */
  run(name: Name, inputs: Tensors): Record<string, Tensor>
  /** Copies the eager variables' values to the steps. */
  write(): void
  /** Copies the values reached by the steps back to the eager variables. */
  read(): void
  dispose(): void
  readonly engine: 'compiled' | 'eager'
  /** Duration of recording, loading and the first run, in seconds. */
  readonly seconds: number
  /** Why the steps run eagerly, if compiling them was tried and failed. */
  readonly obstacle: ErrorMessage | null
}

/** Largest allowed difference between a graph's first outputs and the eager step's, relative to the largest value. */
const tolerance = 1e-3

function typesOf(tensors: Readonly<Record<string, Tensor>>): TensorType[] {
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

/** The inputs in the order used for compiling. */
function checkedInputs(step: string, given: Tensors, examples: ReadonlyMap<string, string>): Tensor[] {
  const unknown = Object.keys(given).find((name) => !examples.has(name))
  if (unknown !== undefined)
    throw labError('step-wrong-input', {
      step,
      input: unknown,
      found: describe(given[unknown]),
      expected: '-',
    })
  return [...examples].map(([name, expected]) => {
    const tensor = given[name]
    const found = describe(tensor)
    if (tensor === undefined || found !== expected)
      throw labError('step-wrong-input', { step, input: name, found, expected })
    return tensor
  })
}

/** Runs a step once and returns its outputs by name. */
function runStep(session: Session, step: RecordedStep, inputs: readonly Tensor[]): Record<string, Tensor> {
  const tensors = session.run(stepCall(step), inputs)
  tensors.pop()?.dispose()
  const names = [...step.recording.outputs.keys()]
  const outputs: Record<string, Tensor> = {}
  tensors.forEach((tensor, k) => {
    const name = names[k]
    if (name !== undefined) outputs[name] = tensor
  })
  return outputs
}

function write(session: Session, kind: Kind, tensors: Readonly<Record<string, Tensor>>): void {
  const types = typesOf(tensors)
  if (types.length > 0) tf.dispose(session.run(writeCall(kind, types), Object.values(tensors)))
}

/** Copies the session's values to the variables. */
function read(session: Session, variables: Readonly<Record<string, Variable>>): void {
  const types = typesOf(variables)
  if (types.length === 0) return
  const values = session.run(readCall(types), [])
  Object.values(variables).forEach((variable, k) => {
    const value = values[k]
    if (value !== undefined) variable.assign(value)
  })
  tf.dispose(values)
}

/** The resident tensors that a step uses; others are not copied to the session. */
function used(resident: Tensors, steps: readonly RecordedStep[]): Tensors {
  const edges = new Set(
    steps.flatMap(({ recording: { nodes, outputs, updates } }) => [
      ...nodes.flatMap(({ inputs }) => inputs),
      ...outputs.values(),
      ...updates.values(),
    ]),
  )
  return Object.fromEntries(
    Object.entries(resident).filter(([name]) => edges.has(`${readOf('resident', name)}:0`)),
  )
}

/** The first pair of values that differ too much, or null. Only floats are compared: a class may change by rounding. */
function disagreement(eager: Values, graph: Values): { eager: number; graph: number } | null {
  if (!(eager instanceof Float32Array && graph instanceof Float32Array)) return null
  const scale = eager.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6)
  const index = eager.findIndex((value, k) => {
    const other = graph[k] ?? NaN
    return !Object.is(value, other) && !(Math.abs(value - other) <= tolerance * scale)
  })
  return index < 0 ? null : { eager: eager[index] ?? NaN, graph: graph[index] ?? NaN }
}

/** Runs a step on the inputs of its recording; the graph must give the same result as the eager step. */
function checkFirstRun(session: Session, step: RecordedStep, inputs: Tensors): void {
  const outputs = runStep(session, step, Object.values(inputs))
  try {
    for (const [output, tensor] of Object.entries(outputs)) {
      const found = disagreement(step.recording.results.get(output) ?? [], tensor.dataSync())
      if (found !== null) throw labError('graph-differs', { step: step.name, output, ...found })
    }
  } finally {
    tf.dispose(outputs)
  }
}

/**
 * Records each step, joins the recordings into one graph and opens a session on it with the variables' current values.
 * The first run, on the example inputs, is compared with the eager one; it leaves the variables unchanged.
 *
 * @throws a `LabError` that names what cannot be recorded (`step-...`) or was refused (`graph-...`).
 */
export function compileSteps<Name extends string>(sources: StepSources<Name>): Steps<Name> {
  const { variables, resident = {} } = sources
  const began = performance.now()
  const steps = Object.entries<StepExample>(sources.steps).map(([name, { step, inputs }]) => ({
    name,
    inputs: typesOf(inputs),
    recording: record(name, step, inputs, { variables, resident }),
    example: inputs,
    expected: new Map(Object.entries(inputs).map(([input, tensor]) => [input, describe(tensor)])),
  }))
  const stepsByName = new Map<string, (typeof steps)[number]>(steps.map((step) => [step.name, step]))
  const usedResident = used(resident, steps)
  const types = typesOf(variables)

  const session = openSession([
    ...variableNodes(types),
    ...residentNodes(typesOf(usedResident)),
    ...steps.flatMap((step) => stepNodes(step, types)),
  ])
  try {
    write(session, 'resident', usedResident)
    for (const step of steps) {
      write(session, 'variable', variables)
      checkFirstRun(session, step, step.example)
    }
    write(session, 'variable', variables)
  } catch (error) {
    session.close()
    throw error
  }

  return {
    run(name, inputs) {
      const step = stepsByName.get(name)
      if (step === undefined) throw new Error(`no step "${name}" was compiled`)
      return runStep(session, step, checkedInputs(name, inputs, step.expected))
    },
    write: () => write(session, 'variable', variables),
    read: () => read(session, variables),
    dispose: () => session.close(),
    engine: 'compiled',
    seconds: (performance.now() - began) / 1000,
    obstacle: null,
  }
}

/** The same steps, run operation by operation on the eager variables: the reference, and the fallback. */
export function eagerSteps<Name extends string>(
  { steps }: StepSources<Name>,
  obstacle: ErrorMessage | null = null,
): Steps<Name> {
  return {
    run: (name, inputs) => tf.tidy(() => steps[name].step(inputs)),
    write: () => undefined,
    read: () => undefined,
    dispose: () => undefined,
    engine: 'eager',
    seconds: 0,
    obstacle,
  }
}

/** Compiled steps, or eager ones that report why compiling failed. */
export function fastestSteps<Name extends string>(sources: StepSources<Name>): Steps<Name> {
  try {
    return compileSteps(sources)
  } catch (error) {
    if (error instanceof LabError) return eagerSteps(sources, toErrorMessage(error))
    throw error
  }
}
