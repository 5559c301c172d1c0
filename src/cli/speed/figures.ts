/** Statistics over several turns: medians, and the median of the ratios within each turn. */

export interface Speed {
  /** Images (source stage, evaluation, adversarial-consistency) or pairs (adaptation) a second. */
  readonly lab: number
  /** null if PyTorch is not installed. */
  readonly pytorch: number | null
  readonly ratio: number | null
  readonly runs: { readonly lab: readonly number[]; readonly pytorch: readonly number[] }
}

/** The measurements so far, by name, in the order of the turns. */
export interface Ledger {
  add(name: string, value: number): void
  of(name: string): readonly number[]
  median(name: string): number
  /** The median ratio between the figures of two names from the same turn. */
  ratio(name: string, other: string): number
  /** The lab's figures of one name compared to PyTorch's of another. */
  speed(lab: string, peer: string): Speed
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (low + high) / 2
}

export function createLedger(): Ledger {
  const figures = new Map<string, number[]>()
  const of = (name: string): readonly number[] => figures.get(name) ?? []
  const ratio = (name: string, other: string) =>
    median(of(name).map((value, turn) => value / (of(other)[turn] ?? NaN)))
  return {
    add: (name, value) => void figures.set(name, [...of(name), value]),
    of,
    median: (name) => median(of(name)),
    ratio,
    speed(lab, peer) {
      const alone = of(peer).length === 0
      return {
        lab: median(of(lab)),
        pytorch: alone ? null : median(of(peer)),
        ratio: alone ? null : ratio(lab, peer),
        runs: { lab: of(lab), pytorch: of(peer) },
      }
    },
  }
}
