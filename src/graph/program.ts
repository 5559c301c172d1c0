/**
 * Joins recordings into one graph around shared variables.
 *
 * Operations of a graph run as soon as their inputs are there, in any order, so order is said in edges. A recording
 * is in single-assignment form: what reads a variable after its update uses the updated value itself, so one read
 * at the start serves all that comes before. Each assignment waits for that read, and the step's last node, which
 * every run fetches, waits for the assignments.
 *
 *     step/input ──▶ copy ──▶ ┌─────────────────┐ ──▶ outputs
 *     variable ──▶ read ────▶ │ recorded nodes  │ ──▶ assign ··▶ step/done
 *     resident ──▶ read ────▶ └─────────────────┘       ▲
 *                    └·············· control ···········┘
 *
 * What is fed from JavaScript is copied first: a variable may outlive the array, which is JavaScript's to free.
 */
import type { Attribute, Edge, Node } from './graph-def'
import type { Edges, Recording } from './recorder'

/** What is known of a tensor before it has values. */
export interface TensorType {
  /** TensorFlow's `DataType`. */
  readonly dtype: number
  readonly shape: readonly number[]
}

export interface StoredTensor extends TensorType {
  readonly name: string
}

export interface RecordedStep {
  readonly name: string
  readonly inputs: readonly StoredTensor[]
  readonly recording: Recording
}

const int32 = 3

function dtype(value: number): Attribute {
  return { type: 'dtype', value }
}

function shape(value: readonly number[]): Attribute {
  return { type: 'shape', value }
}

/** A placeholder and the copy of what it is fed. */
function fed(name: string, type: TensorType): Node[] {
  return [
    {
      name,
      op: 'Placeholder',
      inputs: [],
      attributes: { dtype: dtype(type.dtype), shape: shape(type.shape) },
    },
    { name: `${name}/copy`, op: 'DeepCopy', inputs: [`${name}:0`], attributes: { T: dtype(type.dtype) } },
  ]
}

function assign(name: string, handle: string, value: Edge, type: TensorType, after: readonly string[]): Node {
  return {
    name,
    op: 'AssignVariableOp',
    inputs: [`${handle}:0`, value, ...after.map((node) => `^${node}`)],
    attributes: { dtype: dtype(type.dtype) },
  }
}

/** A small tensor that is there once the nodes named have run: what is fetched to make them run. */
function done(name: string, after: readonly string[]): Node {
  const zero = { dtype: int32, shape: [], values: Int32Array.of(0) }
  return {
    name,
    op: 'Const',
    inputs: after.map((node) => `^${node}`),
    attributes: { dtype: dtype(int32), value: { type: 'tensor', value: zero } },
  }
}

/** Nodes that keep, give and take tensors in the session, and the names by which they are run. */
export interface Store {
  readonly nodes: readonly Node[]
  readonly tensors: readonly StoredTensor[]
  readonly read: (name: string) => Edge
  readonly variable: (name: string) => string
  /** Placeholders in the order of the tensors; fetch `written` after feeding them. */
  readonly write: readonly Edge[]
  readonly written: Edge
}

/** @param kind prefix of the node names: tensors of two stores may have the same names. */
export function createStore(kind: string, tensors: readonly StoredTensor[]): Store {
  const index = new Map(tensors.map(({ name }, position) => [name, position]))
  const variable = (name: string): string => `${kind}/${index.get(name) ?? name}`
  const nodes = tensors.flatMap((tensor): Node[] => {
    const handle = variable(tensor.name)
    const placeholder = `${handle}/value`
    return [
      {
        name: handle,
        op: 'VarHandleOp',
        inputs: [],
        attributes: {
          dtype: dtype(tensor.dtype),
          shape: shape(tensor.shape),
          shared_name: { type: 'string', value: handle },
          container: { type: 'string', value: '' },
        },
      },
      {
        name: `${handle}/read`,
        op: 'ReadVariableOp',
        inputs: [`${handle}:0`],
        attributes: { dtype: dtype(tensor.dtype) },
      },
      ...fed(placeholder, tensor),
      assign(`${handle}/write`, handle, `${placeholder}/copy:0`, tensor, []),
    ]
  })
  const written = `${kind}/written`
  return {
    nodes: [
      ...nodes,
      done(
        written,
        tensors.map(({ name }) => `${variable(name)}/write`),
      ),
    ],
    tensors,
    read: (name) => `${variable(name)}/read:0`,
    variable,
    write: tensors.map(({ name }) => `${variable(name)}/value:0`),
    written: `${written}:0`,
  }
}

/** Where a step's recording finds what it starts from. */
export function edgesOf(step: string, variables: Store, resident: Store): Edges {
  return {
    input: (name) => `${placeholderOf(step, name)}/copy:0`,
    variable: variables.read,
    resident: resident.read,
  }
}

function placeholderOf(step: string, input: string): string {
  return `${step}/input/${input}`
}

/** What to feed and fetch to run a step once. */
export interface Call {
  readonly feeds: readonly Edge[]
  readonly outputs: readonly string[]
  /** The outputs' edges, and last the one that makes the assignments run. */
  readonly fetches: readonly Edge[]
}

export function callOf({ name, inputs, recording }: RecordedStep): Call {
  return {
    feeds: inputs.map((input) => `${placeholderOf(name, input.name)}:0`),
    outputs: [...recording.outputs.keys()],
    fetches: [...recording.outputs.values(), `${name}/done:0`],
  }
}

export function nodesOf({ name, inputs, recording }: RecordedStep, variables: Store): Node[] {
  const updated = variables.tensors.filter((tensor) => recording.updates.has(tensor.name))
  const assigns = updated.map((tensor): Node => {
    const handle = variables.variable(tensor.name)
    const value = recording.updates.get(tensor.name) ?? variables.read(tensor.name)
    return assign(`${name}/assign/${handle}`, handle, value, tensor, [`${handle}/read`])
  })
  return [
    ...inputs.flatMap((input) => fed(placeholderOf(name, input.name), input)),
    ...recording.nodes,
    ...assigns,
    done(
      `${name}/done`,
      assigns.map((node) => node.name),
    ),
  ]
}
