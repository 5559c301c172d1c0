/** The graph's bytes, decoded by the generated code that tfjs-node reads graphs with. */
import { createRequire } from 'module'
import { expect, test } from 'vitest'
import type { Attribute, Node } from '../../../src/graph/graph-def'
import { encodeNode, encodeSavedModel, graphTag } from '../../../src/graph/graph-def'

interface Message {
  toObject(): unknown
}
const messages = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb.js') as Record<
  'SavedModel' | 'NodeDef',
  { deserializeBinary(bytes: Uint8Array): Message }
>

function node(attribute: Attribute): Node {
  return { name: 'n', op: 'Op', inputs: ['a:0', '^b'], attributes: { x: attribute } }
}

/** The attribute's value in the field that the decoder has for it. */
function decoded(attribute: Attribute, field: string): unknown {
  const { attrMap } = messages.NodeDef.deserializeBinary(encodeNode(node(attribute))).toObject() as {
    attrMap: [string, Record<string, unknown>][]
  }
  expect(attrMap).toHaveLength(1)
  expect(attrMap[0]?.[0]).toBe('x')
  return attrMap[0]?.[1][field]
}

test.each<[string, Attribute, string, unknown]>([
  ['int', { type: 'int', value: -7 }, 'i', -7],
  ['int beyond 32 bits', { type: 'int', value: 2 ** 40 }, 'i', 2 ** 40],
  ['float', { type: 'float', value: 0.25 }, 'f', 0.25],
  ['bool', { type: 'bool', value: true }, 'b', true],
  ['type', { type: 'dtype', value: 3 }, 'type', 3],
  ['string', { type: 'string', value: 'VALID' }, 's', Buffer.from('VALID').toString('base64')],
])('an attribute of kind %s', (_, attribute, field, value) => {
  expect(decoded(attribute, field)).toEqual(value)
})

test('a shape, also that of a scalar', () => {
  const sizes = (value: number[]) => {
    const { dimList } = decoded({ type: 'shape', value }, 'shape') as { dimList: { size: number }[] }
    return dimList.map(({ size }) => size)
  }
  expect(sizes([5, 28, 1])).toEqual([5, 28, 1])
  expect(sizes([])).toEqual([])
})

test('lists, also empty ones, which differ from no attribute', () => {
  expect(decoded({ type: 'ints', value: [1, -1, 300] }, 'list')).toMatchObject({ iList: [1, -1, 300] })
  expect(decoded({ type: 'floats', value: [0.5, -2] }, 'list')).toMatchObject({ fList: [0.5, -2] })
  expect(decoded({ type: 'ints', value: [] }, 'list')).toMatchObject({ iList: [] })
})

test('a constant: its bytes, or one value where all are equal', () => {
  const tensor = (values: Float32Array | Int32Array | Uint8Array, dtype: number) =>
    decoded({ type: 'tensor', value: { dtype, shape: [values.length], values } }, 'tensor')
  const bytes = Buffer.from(Float32Array.of(1, 2, 3).buffer).toString('base64')
  expect(tensor(Float32Array.of(1, 2, 3), 1)).toMatchObject({
    dtype: 1,
    tensorContent: bytes,
    floatValList: [],
  })
  expect(tensor(new Float32Array(1000), 1)).toMatchObject({ tensorContent: '', floatValList: [0] })
  expect(tensor(Int32Array.of(-4, -4), 3)).toMatchObject({ intValList: [-4] })
  expect(tensor(Uint8Array.of(1, 1), 10)).toMatchObject({ boolValList: [true] })
  expect(tensor(Float32Array.of(0, -0), 1)).toMatchObject({ floatValList: [] })
})

test('a saved model: one graph under its tag, edges as given', () => {
  const saved = messages.SavedModel.deserializeBinary(encodeSavedModel([node({ type: 'int', value: 1 })]))
  expect(saved.toObject()).toMatchObject({
    metaGraphsList: [
      {
        metaInfoDef: { tagsList: [graphTag] },
        graphDef: { nodeList: [{ name: 'n', op: 'Op', inputList: ['a:0', '^b'] }] },
      },
    ],
  })
})
