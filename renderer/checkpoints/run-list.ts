/** Searches runs by words in their name, note, method, state and tags, and sorts them. */
import type { RunSummary } from '../../src/contract/run'

export type SortKey =
  | 'name'
  | 'method'
  | 'rounds'
  | 'targetAccuracyBefore'
  | 'targetAccuracy'
  | 'targetAccuracyBestPairing'
  | 'unseenTargetAccuracy'
  | 'bytes'
  | 'created'

export interface Order {
  readonly key: SortKey
  readonly descending: boolean
}

/** Every word must occur somewhere; `#word` matches tags only. */
export function matches(run: RunSummary, query: string): boolean {
  const text = [run.name, run.method, run.note, run.state, ...run.tags].join('\n').toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) =>
      word.startsWith('#')
        ? run.tags.some((tag) => tag.toLowerCase().startsWith(word.slice(1)))
        : text.includes(word),
    )
}

/** Runs without the value come last in either direction. */
export function ordered(runs: readonly RunSummary[], { key, descending }: Order): RunSummary[] {
  const sign = descending ? -1 : 1
  return [...runs].sort((a, b) => {
    const [x, y] = [a[key], b[key]]
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    return (
      sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)))
    )
  })
}
