/**
 * The tape: records every operation that tfjs-node executes as a node of a graph.
 *
 * An operation's inputs and outputs are tensors identified by ids that are never reused, so the list of operations is
 * already a graph in single-assignment form: each id is one value, computed by one node. A tensor created before the
 * tape is either known by name (an input, a variable, a resident tensor) or becomes a constant.
 */
import { labError } from '../contract/errors'
import type { Attribute, Constant, Edge, Node } from './graph-def'
import { isUniform } from './graph-def'
import type { Binding, NativeAttribute, TensorId, Values } from '../native/backend'
import { isUnnumbered } from './unnumbered'

/** In bytes. Larger tensors must be inputs or resident; a batch of images captured by mistake exceeds this. */
const largestConstant = 128 * 1024

/**
 * The shape of their results depends on the data, or their results differ between calls, so a recording would be
 * wrong.
 */
const unrecordable = /^(Where|Unique.*|NonMaxSuppression.*|Multinomial|Random.*|Truncated.*|Stateful.*)$/

export interface Tape {
  /** Replaces the backend's binding while the step runs. */
  readonly binding: Binding
  readonly nodes: readonly Node[]
  /** The edge that provides a tensor's value in the graph. */
  edgeOf(id: TensorId): Edge
}

export interface KnownTensor {
  readonly edge: Edge
  /** The name used in errors: a tensor's name, or the operation that made it. */
  readonly label: string
}

interface TapeOptions {
  readonly step: string
  readonly known: ReadonlyMap<TensorId, KnownTensor>
  /** Variables of tfjs that are not listed for the step, which must not use them. */
  readonly strangers: ReadonlyMap<TensorId, string>
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number')
}

/** Converts the binding's attribute to the graph's; null if the kind is unknown. */
function attributeOf(binding: Binding, { type, value }: NativeAttribute): Attribute | null {
  switch (type) {
    case binding.TF_ATTR_STRING:
      return typeof value === 'string' ? { type: 'string', value } : null
    case binding.TF_ATTR_INT:
      if (isNumbers(value)) return { type: 'ints', value }
      return typeof value === 'number' ? { type: 'int', value } : null
    case binding.TF_ATTR_FLOAT:
      if (isNumbers(value)) return { type: 'floats', value }
      return typeof value === 'number' ? { type: 'float', value } : null
    case binding.TF_ATTR_BOOL:
      return typeof value === 'boolean' ? { type: 'bool', value } : null
    case binding.TF_ATTR_TYPE:
      return typeof value === 'number' ? { type: 'dtype', value } : null
    case binding.TF_ATTR_SHAPE:
      return isNumbers(value) ? { type: 'shape', value } : null
    default:
      return null
  }
}

/**
 * @throws `step-reads-value`, `step-op-unsupported`, `step-attribute-unknown`, `step-constant-too-large`,
 * `step-variable-unlisted` while the step runs on the tape's binding.
 */
export function createTape(real: Binding, { step, known, strangers }: TapeOptions): Tape {
  const nodes: Node[] = []
  let numbered = 0
  let apart = 0
  const values = new Map<TensorId, KnownTensor>(known)

  function add(op: string, inputs: readonly Edge[], attributes: Record<string, Attribute>): string {
    const name = isUnnumbered() ? `${step}/apart/${apart++}_${op}` : `${step}/${numbered++}_${op}`
    nodes.push({ name, op, inputs, attributes })
    return name
  }

  function addConstant(id: TensorId, constant: Constant): KnownTensor {
    const bytes = constant.values.byteLength
    if (bytes > largestConstant && !isUniform(constant.values))
      throw labError('step-constant-too-large', {
        step,
        shape: constant.shape.join(' x '),
        bytes,
        most: largestConstant,
      })
    const name = add('Const', [], {
      dtype: { type: 'dtype', value: constant.dtype },
      value: { type: 'tensor', value: constant },
    })
    const value = { edge: `${name}:0`, label: 'Const' }
    values.set(id, value)
    return value
  }

  function constantOf(shape: readonly number[], dtype: number, data: Values): Constant {
    if (dtype !== real.TF_FLOAT && dtype !== real.TF_INT32 && dtype !== real.TF_BOOL)
      throw labError('step-op-unsupported', { step, op: `Const (DataType ${dtype})` })
    if (ArrayBuffer.isView(data)) return { dtype, shape: [...shape], values: data.slice() }
    throw labError('step-op-unsupported', { step, op: 'Const (string)' })
  }

  /** Captures a tensor from outside as a constant; a second handle gives its shape and type. */
  function capture(id: TensorId): KnownTensor {
    const stranger = strangers.get(id)
    if (stranger !== undefined) throw labError('step-variable-unlisted', { step, variable: stranger })
    const [handle] = real.executeOp('Identity', [], [id], 1)
    if (handle === undefined) throw labError('step-op-unsupported', { step, op: 'Identity' })
    real.deleteTensor(handle.id)
    return addConstant(id, constantOf(handle.shape, handle.dtype, real.tensorDataSync(id)))
  }

  function edgeOf(id: TensorId): Edge {
    return (values.get(id) ?? capture(id)).edge
  }

  function attributesOf(op: string, attributes: readonly NativeAttribute[]): Record<string, Attribute> {
    return Object.fromEntries(
      attributes.map((native) => {
        const attribute = attributeOf(real, native)
        if (attribute === null) throw labError('step-attribute-unknown', { step, op, attribute: native.name })
        return [native.name, attribute]
      }),
    )
  }

  const listening: Pick<Binding, 'createTensor' | 'executeOp' | 'tensorDataSync'> = {
    createTensor(shape, dtype, data) {
      const id = real.createTensor(shape, dtype, data)
      addConstant(id, constantOf(shape, dtype, data))
      return id
    },
    executeOp(op, attributes, inputs, outputs) {
      if (unrecordable.test(op)) throw labError('step-op-unsupported', { step, op })
      const edges = inputs.map(edgeOf)
      const name = add(op, edges, attributesOf(op, attributes))
      const results = real.executeOp(op, attributes, inputs, outputs)
      results.forEach(({ id }, index) => values.set(id, { edge: `${name}:${index}`, label: op }))
      return results
    },
    tensorDataSync(id) {
      throw labError('step-reads-value', { step, tensor: values.get(id)?.label ?? 'Const' })
    },
  }
  const binding = Object.create(real, Object.getOwnPropertyDescriptors(listening)) as Binding
  return { binding, nodes, edgeOf }
}
