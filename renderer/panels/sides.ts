/** Whether runs are two experiments, each with several seeds. */
import { seedSettings } from '../../src/contract/experiment'
import type { CommandOutput } from '../../src/contract/lab'

type Compared = Pick<CommandOutput<'compare'>, 'differences' | 'repeats'> & {
  readonly runs: readonly { readonly id: string }[]
}

/** The ids of either, each seed once, in their order; null where it is one experiment, or more than two, or one seed of either. */
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
