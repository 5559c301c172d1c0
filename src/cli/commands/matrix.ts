/** `matrix`: methods against pairs of datasets, every method on every pair. */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import type { Desk, Room } from '../command'
import { accuracy } from '../numbers'
import { presetNamed } from '../preset'
import { settingIn } from '../settings'
import { table } from '../table'
import { listOf } from '../values'
import { runVariants, type Variant } from '../variants'
import { applySettings } from '../../contract/check'

interface MatrixOptions {
  readonly methods: string[]
  readonly domains: string[]
  readonly preset: string
  readonly set?: readonly string[]
}

interface Cell extends Variant {
  readonly method: string
  readonly pair: string
}

/** Every method on every ordered pair of different datasets. */
export function cellsOf(methods: readonly string[], domains: readonly string[]): Cell[] {
  const pairs = domains.flatMap((source) =>
    domains.filter((target) => target !== source).map((target) => ({ source, target })),
  )
  return pairs.flatMap(({ source, target }) =>
    methods.map((method) => ({
      method,
      pair: `${source} → ${target}`,
      label: `${method}, ${source} → ${target}`,
      settings: [
        ['adaptation.method', method],
        ['source.dataset', source],
        ['target.dataset', target],
      ] as const,
    })),
  )
}

async function matrix(room: Room, { methods, domains, preset, set = [] }: MatrixOptions): Promise<void> {
  const { lab, terminal } = room
  const { say } = terminal
  if (domains.length < 2) throw labError('missing-argument', { name: '--domains A,B', command: 'matrix' })
  const given = presetNamed(await lab.call('presets', {}), preset).experiment
  const base = applySettings(given, set.map(settingIn), await lab.call('methods', {}))
  const cells = cellsOf(methods, domains)
  const outcomes = await runVariants(room, base, cells)
  const pairs = [...new Set(cells.map(({ pair }) => pair))]
  const at = (method: string, pair: string) => {
    const place = cells.findIndex((cell) => cell.method === method && cell.pair === pair)
    return outcomes[place]?.outcome ?? null
  }
  const rows = methods.map((method) => [
    method,
    ...pairs.map((pair) => accuracy(at(method, pair)?.unseenTargetAccuracy ?? null)),
  ])
  terminal.answer(
    { cells: cells.map(({ method, pair }) => ({ method, pair, ...at(method, pair) })) },
    `${say('matrix-of')}\n${table([say('column-method'), ...pairs], rows)}`,
  )
}

export function matrixCommand({ say, act }: Desk): Command {
  const names = listOf((text) => text)
  return new Command('matrix')
    .description(say('about-matrix'))
    .requiredOption('--methods <list>', say('option-methods'), names)
    .requiredOption('--domains <list>', say('option-domains'), names)
    .option('--preset <id>', say('option-preset'), 'mnist-usps')
    .option('--set <key=value...>', say('option-set'))
    .action(act(matrix))
}
