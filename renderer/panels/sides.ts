/** Detects whether runs are two experiments with several seeds each. */
import { seedSettings } from '../../src/contract/experiment'
import type { CommandOutput } from '../../src/contract/lab'

type Compared = Pick<CommandOutput<'compare'>, 'differences' | 'repeats'> & {
  readonly runs: readonly { readonly id: string }[]
}

/**
 * The run ids of each experiment, each seed once, in the given order; null if there are not exactly two experiments or
 * one of them has a single seed.
 */
export function sidesOf({ runs, differences, repeats }: Compared): [string[], string[]] | null {
  const settings = differences.filter(({ setting }) => !seedSettings.includes(setting))
  const sides = new Map<string, string[]>()
  runs.forEach(({ id }, i) => {
    if (repeats.some(({ run }) => run === id)) return
    const experiment = JSON.stringify(settings.map(({ values }) => values[i]))
    sides.set(experiment, [...(sides.get(experiment) ?? []), id])
  })
  const [first, second, ...more] = [...sides.values()]
  if (first === undefined || second === undefined || more.length > 0) return null
  return Math.min(first.length, second.length) < 2 ? null : [first, second]
}
