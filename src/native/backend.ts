/**
 * The parts of tfjs-node's backend that the lab uses beyond tfjs itself: single operations (intercepted by the
 * recorder), loaded graphs, and images as bytes. The worker loads TensorFlow; this file only looks up the backend.
 */
import { backend, getBackend } from '@tensorflow/tfjs-core'
import type { DataType, Tensor } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'

/** TensorFlow's id of a native tensor; ids are never reused. */
export type TensorId = number

export interface NativeAttribute {
  readonly name: string
  /** One of the binding's `TF_ATTR_*`. */
  readonly type: number
  readonly value: unknown
}

interface NativeTensor {
  readonly id: TensorId
  readonly shape: number[]
  /** TensorFlow's `DataType`. */
  readonly dtype: number
}

export type Values = Float32Array | Int32Array | Uint8Array | readonly Uint8Array[]

/** The addon's functions; its properties are read-only. */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: Values): TensorId
  deleteTensor(id: TensorId): void
  tensorDataSync(id: TensorId): Values
  executeOp(op: string, attributes: NativeAttribute[], inputs: TensorId[], outputs: number): NativeTensor[]
  getNumOfTensors(): number
  readonly TF_Version: string
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_UINT8: number
  readonly TF_BOOL: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_SHAPE: number
}

export interface NativeBackend {
  binding: Binding
  getInputTensorIds(tensors: Tensor[]): TensorId[]
  getDTypeInteger(dtype: DataType): number
  executeSingleOutput(op: string, attributes: NativeAttribute[], inputs: Tensor[]): Tensor
  executeMultipleOutputs(
    op: string,
    attributes: NativeAttribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[]
  /** Loads the graph in a folder and opens a session on it. */
  loadSavedModelMetaGraph(folder: string, tags: string): number
  deleteSavedModel(session: number): void
  runSavedModel(
    session: number,
    inputs: readonly Tensor[],
    inputNames: readonly { readonly name: string }[],
    outputNames: readonly string[],
  ): Tensor[]
  /** One byte per value; tfjs-node's own functions use four, too much memory for the largest images. */
  decodePng(bytes: Uint8Array, channels: number): Tensor
  decodeJpeg(bytes: Uint8Array, channels: number, ...options: readonly (number | boolean | string)[]): Tensor
}

export const nativeBackendName = 'tensorflow'

/** @throws `native-missing` when another backend of tfjs is in use. */
export function nativeBackend(): NativeBackend {
  if (getBackend() !== nativeBackendName)
    throw labError('native-missing', { problem: `tfjs: ${getBackend()}` })
  return backend() as unknown as NativeBackend
}
