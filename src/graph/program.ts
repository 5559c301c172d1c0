/**
 * Joins recordings into one graph around the variables that they share.
 *
 * TensorFlow runs an operation as soon as its inputs are ready, so any order between operations must be an edge. A
 * recording is in single-assignment form: operations after a variable's update use the updated value directly, so one
 * read at the start serves all operations before it. Each assignment waits for that read, and the step's last node,
 * which every run fetches, waits for the assignments.
 *
 *     input ───▶ copy ───▶ ┌────────────────┐ ───▶ outputs
 *     variable ─▶ read ──▶ │ recorded nodes │ ───▶ assign ···▶ done
 *     resident ─▶ read ──▶ └────────────────┘        ▲
 *                  └··········· runs after ··········┘
 *
 * Fed tensors that may be assigned to a variable are copied first: otherwise the variable would keep an array that
 * belongs to JavaScript, and would free it outside JavaScript's thread at the next assignment.
 */
import type { Attribute, Edge, Node } from './graph-def'
import { copyOf, handleOf, inputOf, readOf } from './names'
import type { Kind } from './names'
import type { Recording } from './recorder'

/** Name, type and shape of a tensor whose values are not known yet. */
export interface TensorType {
  readonly name: string
  /** TensorFlow's `DataType`. */
  readonly dtype: number
  readonly shape: readonly number[]
}

export interface RecordedStep {
  readonly name: string
  readonly inputs: readonly TensorType[]
  readonly recording: Recording
}

/** The edges to feed and to fetch. */
export interface Call {
  readonly feeds: readonly Edge[]
  readonly fetches: readonly Edge[]
}

const int32 = 3

function dtype(value: number): Attribute {
  return { type: 'dtype', value }
}

function shape(value: readonly number[]): Attribute {
  return { type: 'shape', value }
}

function fed(name: string, type: TensorType): Node {
  const attributes = { dtype: dtype(type.dtype), shape: shape(type.shape) }
  return { name, op: 'Placeholder', inputs: [], attributes }
}

function copied(name: string, type: TensorType): Node {
  return { name: copyOf(name), op: 'DeepCopy', inputs: [`${name}:0`], attributes: { T: dtype(type.dtype) } }
}

function assigned(name: string, handle: string, value: Edge, type: TensorType, after: string[] = []): Node {
  const inputs = [`${handle}:0`, value, ...after.map((node) => `^${node}`)]
  return { name, op: 'AssignVariableOp', inputs, attributes: { dtype: dtype(type.dtype) } }
}

/** A constant with control dependencies: fetching it makes the nodes `after` run. */
function done(name: string, after: readonly Node[]): Node {
  const zero = { dtype: int32, shape: [], values: Int32Array.of(0) }
  return {
    name,
    op: 'Const',
    inputs: after.map((node) => `^${node.name}`),
    attributes: { dtype: dtype(int32), value: { type: 'tensor', value: zero } },
  }
}

/** The node that holds a tensor, and the node that reads it. */
function kept(kind: Kind, type: TensorType): Node[] {
  const name = handleOf(kind, type.name)
  const attributes: Node['attributes'] = {
    dtype: dtype(type.dtype),
    shape: shape(type.shape),
    shared_name: { type: 'string', value: name },
    container: { type: 'string', value: '' },
  }
  return [
    { name, op: 'VarHandleOp', inputs: [], attributes },
    {
      name: readOf(kind, type.name),
      op: 'ReadVariableOp',
      inputs: [`${name}:0`],
      attributes: { dtype: dtype(type.dtype) },
    },
  ]
}

const valueOf = (kind: Kind, name: string): string => `${handleOf(kind, name)}/value`
const writtenOf = (kind: Kind): string => `${kind}/written`

export function variableNodes(variables: readonly TensorType[]): Node[] {
  const writes = variables.map((type) => {
    const handle = handleOf('variable', type.name)
    return assigned(`${handle}/write`, handle, `${copyOf(valueOf('variable', type.name))}:0`, type)
  })
  const values = variables.flatMap((type) => {
    const value = valueOf('variable', type.name)
    return [...kept('variable', type), fed(value, type), copied(value, type)]
  })
  return [...values, ...writes, done(writtenOf('variable'), writes)]
}

/** Resident tensors are not copied: they are large and never assigned again. */
export function residentNodes(resident: readonly TensorType[]): Node[] {
  const writes = resident.map((type) => {
    const handle = handleOf('resident', type.name)
    return assigned(`${handle}/write`, handle, `${valueOf('resident', type.name)}:0`, type)
  })
  const values = resident.flatMap((type) => [
    ...kept('resident', type),
    fed(valueOf('resident', type.name), type),
  ])
  return [...values, ...writes, done(writtenOf('resident'), writes)]
}

/** Feeds all tensors of a kind. */
export function writeCall(kind: Kind, types: readonly TensorType[]): Call {
  return { feeds: types.map(({ name }) => `${valueOf(kind, name)}:0`), fetches: [`${writtenOf(kind)}:0`] }
}

/** Fetches all variables. */
export function readCall(variables: readonly TensorType[]): Call {
  return { feeds: [], fetches: variables.map(({ name }) => `${readOf('variable', name)}:0`) }
}

export function stepNodes(
  { name, inputs, recording }: RecordedStep,
  variables: readonly TensorType[],
): Node[] {
  const assigns = variables.flatMap((type) => {
    const value = recording.updates.get(type.name)
    if (value === undefined) return []
    const handle = handleOf('variable', type.name)
    return [assigned(`${name}/assign/${type.name}`, handle, value, type, [readOf('variable', type.name)])]
  })
  const starts = inputs.flatMap((type) => {
    const placeholder = inputOf(name, type.name)
    return [fed(placeholder, type), copied(placeholder, type)]
  })
  return [...starts, ...recording.nodes, ...assigns, done(`${name}/done`, assigns)]
}

/** Fetches the outputs and, as the last one, the node that triggers the assignments. */
export function stepCall({ name, inputs, recording }: RecordedStep): Call {
  return {
    feeds: inputs.map((input) => `${inputOf(name, input.name)}:0`),
    fetches: [...recording.outputs.values(), `${name}/done:0`],
  }
}
