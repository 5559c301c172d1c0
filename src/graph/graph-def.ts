/**
 * Encodes a graph in the form that TensorFlow loads: nodes that name their inputs, as the protocol buffers GraphDef
 * and SavedModel (tensorflow/core/framework/graph.proto, tensorflow/core/protobuf/saved_model.proto). The numbers
 * below are field numbers of those files.
 */
import protobuf from 'protobufjs/minimal.js'

type Writer = protobuf.Writer

export type ConstantValues = Float32Array | Int32Array | Uint8Array

/** A constant tensor of the graph: float32, int32 or (as bytes) bool values in row-major order. */
export interface Constant {
  /** TensorFlow's `DataType`. */
  readonly dtype: number
  readonly shape: readonly number[]
  readonly values: ConstantValues
}

export type Attribute =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int' | 'float' | 'dtype'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'shape' | 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly type: 'tensor'; readonly value: Constant }

/** An edge: output `:n` of a node, or `^node` for a control dependency. */
export type Edge = string

/** The node that an edge comes from. */
export function nodeOfEdge(edge: Edge): string {
  return edge.replace(/^\^|:\d+$/g, '')
}

export interface Node {
  readonly name: string
  readonly op: string
  readonly inputs: readonly Edge[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** The tag under which the graph is saved and loaded. */
export const graphTag = 'serve'

/** Version of the graph format, which decides how old graphs are read; any since TensorFlow 2 will do. */
const graphVersion = 1000

const varint = 0
const delimited = 2
const fixed32 = 5

function key(writer: Writer, field: number, wire: number): Writer {
  return writer.uint32((field << 3) | wire)
}

function message(writer: Writer, field: number, write: (writer: Writer) => void): void {
  key(writer, field, delimited).fork()
  write(writer)
  writer.ldelim()
}

function writeShape(writer: Writer, shape: readonly number[]): void {
  for (const size of shape) message(writer, 2, (dimension) => key(dimension, 1, varint).int64(size))
}

/** Whether all values are equal. A uniform tensor of any size is encoded as one value. */
export function isUniform(values: ConstantValues): boolean {
  const first = values[0]
  return values.length > 0 && values.every((value) => Object.is(value, first))
}

/** If a list is shorter than the shape requires, TensorFlow repeats its last value. */
function writeUniform(writer: Writer, values: ConstantValues): void {
  const value = values[0] ?? 0
  if (values instanceof Float32Array) message(writer, 5, (list) => list.float(value))
  else if (values instanceof Int32Array) message(writer, 7, (list) => list.int32(value))
  else message(writer, 11, (list) => list.bool(value !== 0))
}

function writeConstant(writer: Writer, { dtype, shape, values }: Constant): void {
  key(writer, 1, varint).int32(dtype)
  message(writer, 2, (field) => writeShape(field, shape))
  if (isUniform(values)) writeUniform(writer, values)
  else key(writer, 4, delimited).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

/** Lists use packed encoding: the values without field keys. */
function writeList(writer: Writer, field: number, write: (writer: Writer) => void): void {
  message(writer, 1, (list) => message(list, field, write))
}

function writeAttribute(writer: Writer, attribute: Attribute): void {
  switch (attribute.type) {
    case 'string':
      key(writer, 2, delimited).string(attribute.value)
      break
    case 'int':
      key(writer, 3, varint).int64(attribute.value)
      break
    case 'float':
      key(writer, 4, fixed32).float(attribute.value)
      break
    case 'bool':
      key(writer, 5, varint).bool(attribute.value)
      break
    case 'dtype':
      key(writer, 6, varint).int32(attribute.value)
      break
    case 'shape':
      message(writer, 7, (field) => writeShape(field, attribute.value))
      break
    case 'tensor':
      message(writer, 8, (field) => writeConstant(field, attribute.value))
      break
    case 'ints':
      writeList(writer, 3, (list) => attribute.value.forEach((value) => list.int64(value)))
      break
    case 'floats':
      writeList(writer, 4, (list) => attribute.value.forEach((value) => list.float(value)))
      break
  }
}

function writeNode(writer: Writer, node: Node): void {
  key(writer, 1, delimited).string(node.name)
  key(writer, 2, delimited).string(node.op)
  for (const input of node.inputs) key(writer, 3, delimited).string(input)
  for (const [name, attribute] of Object.entries(node.attributes))
    message(writer, 5, (entry) => {
      key(entry, 1, delimited).string(name)
      message(entry, 2, (field) => writeAttribute(field, attribute))
    })
}

function writeGraph(writer: Writer, nodes: readonly Node[]): void {
  for (const node of nodes) message(writer, 1, (field) => writeNode(field, node))
  message(writer, 4, (versions) => key(versions, 1, varint).int32(graphVersion))
}

/** Encodes one node; equal bytes mean equal nodes. */
export function encodeNode(node: Node): Uint8Array {
  const writer = protobuf.Writer.create()
  writeNode(writer, node)
  return writer.finish()
}

/** The content of `saved_model.pb`: only the graph, without weights, functions or signatures. */
export function encodeSavedModel(nodes: readonly Node[]): Uint8Array {
  const writer = protobuf.Writer.create()
  key(writer, 1, varint).int64(1)
  message(writer, 2, (metaGraph) => {
    message(metaGraph, 1, (about) => key(about, 4, delimited).string(graphTag))
    message(metaGraph, 2, (graph) => writeGraph(graph, nodes))
  })
  return writer.finish()
}
