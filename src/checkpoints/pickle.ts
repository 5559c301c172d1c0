/**
 * Reads Python's pickle format, protocols 2 to 5, as data. A pickle is a program for a small stack machine; in Python
 * it can call anything. Here it can only call the functions that the format's rules list, which are part of this
 * project; any other name ends the reading. Code from the file never runs.
 *
 * Opcodes as in Python's Lib/pickletools.py.
 */
import type { LabError } from '../contract/errors'

export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Pickled[]
  | ReadonlyMap<string, Pickled>
  | PickledObject
  | PickledCallable

/** The result of a callable; `setState` is Python's `__setstate__`. */
export interface PickledObject {
  readonly kind: string
  setState(state: Pickled): void
}

export interface PickledCallable {
  readonly kind: 'callable'
  readonly name: string
  readonly call: Callable
}

/** Throws an Error that describes what is wrong with its arguments. */
export type Callable = (...parameters: Pickled[]) => Pickled
/** By dotted name: "numpy.core.multiarray._reconstruct". */
export type Callables = Readonly<Record<string, Callable>>

/** What can be wrong with the pickle itself. */
export type PickleFault = 'cut-short' | 'operation-unknown' | 'operation-misfit'

/** What a pickle of one format may hold, and that format's errors. */
export interface PickleRules {
  readonly callables: Callables
  /** The object outside the pickle that an id stands for; null: the format has no such objects. */
  readonly persistent: Callable | null
  /** For a name that is not listed. `isOutermost`: the pickle's value itself would be made by it. */
  forbidden(callable: string, isOutermost: boolean): LabError
  /** `place` is the offset in the pickle at which reading failed. */
  malformed(fault: PickleFault, place: string): LabError
}

interface Machine {
  readonly bytes: Buffer
  readonly rules: PickleRules
  at: number
  /** The values pushed since the last mark, and the stacks before each mark. */
  stack: Pickled[]
  readonly marked: Pickled[][]
  readonly memo: Map<number, Pickled>
}

type Opcode = (machine: Machine) => void

/**
 * The single value of a pickle, and the offset at which the pickle ends.
 * @throws the errors of the rules
 */
export function unpickle(bytes: Uint8Array, rules: PickleRules): { value: Pickled; end: number } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const machine: Machine = { bytes: buffer, rules, at: 0, stack: [], marked: [], memo: new Map() }
  for (;;) {
    const code = readUnsigned(machine, 1)
    if (code === stop) return { value: pop(machine), end: machine.at }
    const opcode = opcodes[code]
    if (opcode === undefined) throw malformed(machine, 'operation-unknown')
    opcode(machine)
  }
}

const stop = 0x2e

const opcodes: Readonly<Record<number, Opcode>> = {
  // Protocol and frames
  0x80: (m) => checkProtocol(m),
  0x95: (m) => void readUnsigned(m, 8),

  // Constants
  0x4e: (m) => push(m, null),
  0x88: (m) => push(m, true),
  0x89: (m) => push(m, false),
  0x4a: (m) => push(m, take(m, 4).readInt32LE(0)),
  0x4b: (m) => push(m, readUnsigned(m, 1)),
  0x4d: (m) => push(m, readUnsigned(m, 2)),
  0x8a: (m) => push(m, readLong(m, readUnsigned(m, 1))),
  0x8b: (m) => push(m, readLong(m, readUnsigned(m, 4))),
  0x47: (m) => push(m, take(m, 8).readDoubleBE(0)),

  // Text, bytes, and Python 2's str, which can be either
  0x58: (m) => push(m, takeCounted(m, 4).toString('utf8')),
  0x8c: (m) => push(m, takeCounted(m, 1).toString('utf8')),
  0x8d: (m) => push(m, takeCounted(m, 8).toString('utf8')),
  0x42: (m) => push(m, takeCounted(m, 4)),
  0x43: (m) => push(m, takeCounted(m, 1)),
  0x8e: (m) => push(m, takeCounted(m, 8)),
  0x96: (m) => push(m, takeCounted(m, 8)),
  0x54: (m) => push(m, takeCounted(m, 4)),
  0x55: (m) => push(m, takeCounted(m, 1)),

  // Tuples and lists
  0x29: (m) => push(m, []),
  0x85: (m) => push(m, popMany(m, 1)),
  0x86: (m) => push(m, popMany(m, 2)),
  0x87: (m) => push(m, popMany(m, 3)),
  0x74: (m) => push(m, popToMark(m)),
  0x5d: (m) => push(m, []),
  0x6c: (m) => push(m, popToMark(m)),
  0x61: (m) => append(m, popMany(m, 1)),
  0x65: (m) => append(m, popToMark(m)),

  // Dictionaries
  0x7d: (m) => push(m, new Map()),
  0x64: (m) => {
    const items = popToMark(m)
    push(m, new Map())
    setItems(m, items)
  },
  0x73: (m) => setItems(m, popMany(m, 2)),
  0x75: (m) => setItems(m, popToMark(m)),

  // The stack and the memo
  0x28: (m) => {
    m.marked.push(m.stack)
    m.stack = []
  },
  0x30: (m) => void pop(m),
  0x31: (m) => void popToMark(m),
  0x32: (m) => push(m, top(m)),
  0x71: (m) => void m.memo.set(readUnsigned(m, 1), top(m)),
  0x72: (m) => void m.memo.set(readUnsigned(m, 4), top(m)),
  0x94: (m) => void m.memo.set(m.memo.size, top(m)),
  0x68: (m) => push(m, recall(m, readUnsigned(m, 1))),
  0x6a: (m) => push(m, recall(m, readUnsigned(m, 4))),

  // Calls
  0x63: (m) => push(m, callable(m, `${takeLine(m)}.${takeLine(m)}`)),
  0x93: (m) => {
    const [module, name] = popMany(m, 2)
    push(m, callable(m, `${textOf(module)}.${textOf(name)}`))
  },
  0x52: (m) => call(m),
  0x81: (m) => call(m),
  0x62: (m) => build(m),
  0x51: (m) => persistent(m),
}

function checkProtocol(machine: Machine): void {
  const protocol = readUnsigned(machine, 1)
  if (protocol < 2 || protocol > 5) throw malformed(machine, 'operation-unknown')
}

function callable(machine: Machine, name: string): PickledCallable {
  const { callables, forbidden } = machine.rules
  const call = Object.prototype.hasOwnProperty.call(callables, name) ? callables[name] : undefined
  if (call === undefined) throw forbidden(name.slice(0, maxNameLength), isOutermost(machine))
  return { kind: 'callable', name, call }
}

/** Whether nothing was pushed yet that the next value could become a part of. */
function isOutermost({ stack, marked }: Machine): boolean {
  return stack.length === 0 && marked.every((before) => before.length === 0)
}

function persistent(machine: Machine): void {
  const { persistent: resolve } = machine.rules
  if (resolve === null) throw malformed(machine, 'operation-unknown')
  const id = pop(machine)
  push(
    machine,
    guarded(machine, () => resolve(id)),
  )
}

function call(machine: Machine): void {
  const [called, parameters] = popMany(machine, 2)
  if (!isCallable(called) || !isList(parameters)) throw malformed(machine, 'operation-misfit')
  push(
    machine,
    guarded(machine, () => called.call(...parameters)),
  )
}

/** The attributes of a dictionary (PyTorch's `_metadata`) are not arrays and are ignored. */
function build(machine: Machine): void {
  const state = pop(machine)
  const object = top(machine)
  if (object instanceof Map) return
  if (!isObject(object)) throw malformed(machine, 'operation-misfit')
  guarded(machine, () => object.setState(state))
}

/** Reports an error of our own callables as an error in the file. */
function guarded<T>(machine: Machine, action: () => T): T {
  try {
    return action()
  } catch {
    throw malformed(machine, 'operation-misfit')
  }
}

function append(machine: Machine, items: readonly Pickled[]): void {
  const list = top(machine)
  if (!Array.isArray(list)) throw malformed(machine, 'operation-misfit')
  for (const item of items) list.push(item)
}

function setItems(machine: Machine, items: readonly Pickled[]): void {
  const dict = top(machine)
  if (!(dict instanceof Map)) throw malformed(machine, 'operation-misfit')
  for (let index = 0; index + 1 < items.length; index += 2) {
    const key = keyOf(items[index])
    if (key === null) throw malformed(machine, 'operation-misfit')
    dict.set(key, items[index + 1])
  }
}

/**
 * Longer than any real name. The limit is needed because a pickle can have the same bytes converted to text
 * repeatedly.
 */
const maxNameLength = 1000

/** The state of an optimiser has numbers as keys. */
function keyOf(value: Pickled | undefined): string | null {
  return typeof value === 'number' ? String(value) : textOf(value)
}

/** A name, given as text or bytes; null for anything else. */
export function textOf(value: Pickled | undefined): string | null {
  if (value instanceof Uint8Array) {
    return value.length > maxNameLength ? null : Buffer.from(value).toString('utf8')
  }
  return typeof value === 'string' && value.length <= maxNameLength ? value : null
}

export function isList(value: Pickled | undefined): value is readonly Pickled[] {
  return Array.isArray(value)
}

export function isCallable(value: Pickled | undefined): value is PickledCallable {
  return isPlainObject(value) && 'call' in value
}

function isObject(value: Pickled): value is PickledObject {
  return isPlainObject(value) && 'setState' in value
}

function isPlainObject(value: Pickled | undefined): value is PickledObject | PickledCallable {
  return typeof value === 'object' && value !== null && 'kind' in value
}

function push(machine: Machine, value: Pickled): void {
  machine.stack.push(value)
}

function pop(machine: Machine): Pickled {
  const value = machine.stack.pop()
  if (value === undefined) throw malformed(machine, 'operation-misfit')
  return value
}

function popMany(machine: Machine, count: number): Pickled[] {
  if (machine.stack.length < count) throw malformed(machine, 'operation-misfit')
  return machine.stack.splice(machine.stack.length - count)
}

function popToMark(machine: Machine): Pickled[] {
  const before = machine.marked.pop()
  if (before === undefined) throw malformed(machine, 'operation-misfit')
  const items = machine.stack
  machine.stack = before
  return items
}

function top(machine: Machine): Pickled {
  const value = machine.stack[machine.stack.length - 1]
  if (value === undefined) throw malformed(machine, 'operation-misfit')
  return value
}

function recall(machine: Machine, index: number): Pickled {
  const value = machine.memo.get(index)
  if (value === undefined) throw malformed(machine, 'operation-misfit')
  return value
}

/** The next bytes, as a view of the file: a claimed length never allocates memory. */
function take(machine: Machine, length: number): Buffer {
  const { bytes, at } = machine
  if (at + length > bytes.length) throw malformed(machine, 'cut-short')
  machine.at = at + length
  return bytes.subarray(at, at + length)
}

function takeCounted(machine: Machine, lengthBytes: 1 | 4 | 8): Buffer {
  return take(machine, readUnsigned(machine, lengthBytes))
}

function takeLine(machine: Machine): string {
  const { bytes, at } = machine
  const end = bytes.indexOf(0x0a, at)
  if (end < 0) throw malformed(machine, 'cut-short')
  machine.at = end + 1
  return bytes.toString('utf8', at, end)
}

/** Little-endian. Values above 2^53 are rounded; no file can have that length. */
function readUnsigned(machine: Machine, length: 1 | 2 | 4 | 8): number {
  const bytes = take(machine, length)
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}

/** Two's complement, little-endian. */
function readLong(machine: Machine, length: number): number {
  if (length > 8) throw malformed(machine, 'operation-misfit')
  if (length === 0) return 0
  const bytes = take(machine, length)
  const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0)
  return (bytes[length - 1] ?? 0) < 0x80 ? value : value - 256 ** length
}

function malformed({ rules, at }: Machine, fault: PickleFault): LabError {
  return rules.malformed(fault, `0x${at.toString(16)}`)
}
