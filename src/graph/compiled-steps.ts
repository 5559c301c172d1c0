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
  readonly engine: 'compiled' | 'eager'
  /** Seconds that recording, loading and the first run took. */
  readonly seconds: number
  /** Why the steps run eagerly, if it was tried to compile them. */
  readonly obstacle: ErrorMessage | null
}

/** Parts of the largest value by which a graph's first outputs may differ from the eager step's. */
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

/** In the order in which they were compiled. */
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

/** One run of a step; its outputs by name. */
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

/** The session's values become the variables' own. */
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

/** The resident tensors that a step uses; the others need no place in the session. */
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
 * Records each step, joins them into one graph and opens a session on it, with the variables' present values. The
 * first run, on the example inputs, is compared with the eager one; the variables are as before it.
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
    engine: 'eager',
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
