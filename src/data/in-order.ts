/** Starts work on items ahead of time, and gives the results in the order of the items. */

export interface Ahead<T> {
  /** Number of items that are worked on at a time. */
  readonly count: number
  /** Whether nothing else is worked on beside this item. */
  isAlone(item: T): boolean
}

/** @param before called with each item before its result is waited for */
export async function* inOrder<T, R>(
  items: readonly T[],
  { count, isAlone }: Ahead<T>,
  start: (item: T) => Promise<R>,
  before: (item: T) => void,
): AsyncGenerator<readonly [T, Promise<R>]> {
  const started: { readonly item: T; readonly result: Promise<R> }[] = []
  let next = 0
  function mayStart(): boolean {
    const item = items[next]
    if (item === undefined || started.length >= count) return false
    const last = started[started.length - 1]
    return last === undefined || (!isAlone(item) && !isAlone(last.item))
  }
  while (next < items.length || started.length > 0) {
    const first = started[0]?.item ?? items[next]
    if (first !== undefined) before(first)
    for (; mayStart(); next++) {
      const item = items[next] as T
      const result = start(item)
      // It is handled when its turn comes, which may be never.
      result.catch(() => undefined)
      started.push({ item, result })
    }
    const { item, result } = started[0] as { readonly item: T; readonly result: Promise<R> }
    yield [item, result]
    // The consumer has waited for it.
    started.shift()
  }
}
