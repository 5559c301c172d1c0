/** Puts values that lie in another order of axes into C order. */
import type { Numbers } from './array-file'

/** The distance between neighbours along each axis, in values, of an array in C order. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1)
  }
  return strides
}

/** Strides of an array whose first axis runs fastest. */
export const fortranStrides = (shape: readonly number[]): number[] =>
  stridesOf([...shape].reverse()).reverse()

export const product = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

/** Calls `take` with where each value lies, in the C order of `shape`. */
export function walk(
  shape: readonly number[],
  strides: readonly number[],
  take: (from: number, to: number) => void,
): void {
  const count = product(shape)
  const last = shape.length - 1
  const [inner, step] = last < 0 ? [1, 0] : [shape[last] ?? 1, strides[last] ?? 0]
  const at = new Array<number>(shape.length).fill(0)
  let start = 0
  for (let to = 0; to < count; to += inner) {
    for (let i = 0; i < inner; i++) take(start + i * step, to + i)
    for (let axis = last - 1; axis >= 0; axis--) {
      const next = (at[axis] ?? 0) + 1
      start += strides[axis] ?? 0
      if (next < (shape[axis] ?? 1)) {
        at[axis] = next
        break
      }
      start -= next * (strides[axis] ?? 0)
      at[axis] = 0
    }
  }
}

function sameKind<N extends Numbers>(values: N, length: number): N {
  const Kind = values.constructor as new (length: number) => N
  return new Kind(length)
}

/** The values of the first array and, if there is a second one, those of it after them. */
export function inOneArray<N extends Numbers>(first: N, second: N | null): N {
  if (second === null) return first
  const both = sameKind(first, first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** The values in the C order of `shape`; the same array if they lie in that order. */
export function inOrder<N extends Numbers>(
  values: N,
  shape: readonly number[],
  strides: readonly number[],
): N {
  const usual = stridesOf(shape)
  if (shape.every((length, axis) => length === 1 || strides[axis] === usual[axis])) return values
  const ordered = sameKind(values, product(shape))
  walk(shape, strides, (from, to) => {
    ordered[to] = values[from] ?? 0
  })
  return ordered
}
