/** The experiment for each pair of domains in a matrix, and rejected arguments. */
import { beforeAll, describe, expect, it } from 'vitest'
import { cellExperiment, pairsOf, type Pair, type Recipe } from '../../../src/cli/commands/matrix'
import { domainsNamed } from '../../../src/cli/domains'
import { readExperiment, type SettingText } from '../../../src/contract/check'
import { experimentSchema } from '../../../src/contract/experiment'
import type { Preset } from '../../../src/contract/experiment'
import type { DatasetSummary } from '../../../src/contract/dataset'
import { listDatasets } from '../../../src/data/open-dataset'
import { listPresets } from '../../../src/data/presets'
import { methods as registry } from '../../../src/methods/registry'
import { saidOf, type FinishedRun } from './finished-lab'

const methods = registry.map(({ declaration }) => declaration)
let presets: Preset[] = []
let datasets: DatasetSummary[] = []

beforeAll(async () => {
  presets = await listPresets()
  datasets = await listDatasets('/no/folder')
})

const named = (...names: string[]) => domainsNamed(names, '--domains', datasets, presets)
const told = (pairs: readonly Pair[]) =>
  pairs.map(({ source, target, under }) => `${source.name} → ${target.name}: ${under}`)

describe('a pair of domains', () => {
  it('is trained under the preset that is made for it, and others under the usual one', () => {
    expect(told(pairsOf(named('mnist', 'usps'), presets, null))).toEqual([
      'mnist → usps: mnist-usps',
      'usps → mnist: usps-mnist',
    ])
    expect(told(pairsOf(named('mnist', 'mnist-rotated'), presets, null))).toEqual([
      'mnist → mnist-rotated: mnist-rotated',
      'mnist-rotated → mnist: mnist-usps-original',
    ])
  })

  it('is trained under the experiment that is given, whatever it is made for', () => {
    const given = { under: 'mine.json', experiment: {} }
    expect(told(pairsOf(named('mnist', 'usps'), presets, given))).toEqual([
      'mnist → usps: mine.json',
      'usps → mnist: mine.json',
    ])
  })

  it('has a dataset by name or path, or a shifted one by the preset that has it as its target', () => {
    expect(named('./mine', 'mnist-noisy')).toEqual([
      { name: './mine', dataset: './mine', shifts: [] },
      { name: 'mnist-noisy', dataset: 'mnist', shifts: [{ kind: 'noise', deviation: 0.5 }] },
    ])
    expect(() => named('mnits')).toThrow(
      expect.objectContaining({
        code: 'not-one-of',
        params: {
          name: '--domains',
          value: 'mnits',
          nearest: 'mnist',
          choices: 'mnist, usps, mnist-coloured, mnist-noisy, mnist-rotated',
        },
      }),
    )
  })
})

describe('the experiment of a field', () => {
  const pair = (...names: string[]) => {
    const [first] = pairsOf(named(...names), presets, null)
    if (first === undefined) throw new Error('no pair')
    return first
  }

  it('is that of the preset, but for the method', () => {
    const { experiment } = presets.find(({ id }) => id === 'usps-mnist') ?? {}
    const asIs = cellExperiment(pair('usps', 'mnist'), 'teacher-consistency', [], methods)
    expect(readExperiment(asIs, methods)).toEqual(readExperiment(experiment, methods))
    const other = readExperiment(cellExperiment(pair('usps', 'mnist'), 'dann', [], methods), methods)
    expect(other.adaptation).toMatchObject({ method: 'dann', epochs: 18 })
    expect(other.sourceStage.views).toMatchObject({ leastScale: 0.8, mostScale: 1.5 })
  })

  it('starts over where the preset does with its own method, and with no other', () => {
    const restartsBy = (method: string) =>
      readExperiment(cellExperiment(pair('mnist', 'mnist-noisy'), method, [], methods), methods).restarts
    expect(restartsBy('teacher-consistency')).not.toBeNull()
    expect(restartsBy('source-only')).toBeNull()
    expect(restartsBy('dann')).toBeNull()
  })

  it('keeps the parameters that a preset gives to the same method', () => {
    const { experiment } = presets.find(({ id }) => id === 'break-adversarial') ?? {}
    const [given] = pairsOf(named('mnist', 'usps'), presets, { under: 'x', experiment: experiment ?? {} })
    if (given === undefined) throw new Error('no pair')
    const cell = readExperiment(cellExperiment(given, 'adversarial-consistency', [], methods), methods)
    expect(cell.adaptation.parameters).toMatchObject({ informationWeight: 0 })
    expect(cell.target.dataset).toBe('usps')
  })

  it('takes settings as its method has them, and names what was probably meant', () => {
    const set = (name: string) =>
      cellExperiment(pair('mnist', 'usps'), 'dann', [[`adaptation.parameters.${name}`, '2']], methods)
    expect(set('gamma')).toMatchObject({ adaptation: { method: 'dann', parameters: { gamma: 2 } } })
    expect(() => set('gammma')).toThrow(
      expect.objectContaining({
        code: 'unknown-setting',
        params: { name: 'adaptation.parameters.gammma', nearest: 'adaptation.parameters.gamma' },
      }),
    )
  })
})

describe('the answer of a matrix', () => {
  const asked = ['matrix', '--methods', 'dann,target-supervised,no-source', '--domains', 'mnist,usps']
  const finished = (settings: readonly SettingText[] = [], given: Recipe | null = null): FinishedRun[] =>
    pairsOf(named('mnist', 'usps'), presets, given).flatMap((pair) =>
      ['dann', 'target-supervised', 'no-source'].map((method) => ({
        experiment: experimentSchema.parse(
          readExperiment(cellExperiment(pair, method, settings, methods), methods),
        ),
        chosen: 0.1,
        best: 0.9,
        diversity: 1,
      })),
    )

  it('marks references and controls, and has these by the best pairing', async () => {
    const { code, stdout } = await saidOf(finished(), ...asked)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^dann +0\.1000 +0\.1000$/m)
    expect(stdout).toMatch(/^reference: target-supervised +0\.1000 +0\.1000$/m)
    expect(stdout).toMatch(/^control: no-source +0\.9000 \(best\) +0\.9000 \(best\)$/m)
    expect(stdout).toMatch(/^\(best\): by the best pairing/m)
  })

  it('has pairs without a common class by the best pairing', async () => {
    const settings: SettingText[] = [
      ['source.classes', '0,1'],
      ['target.classes', '2,3'],
      ['pairing', '0,1'],
    ]
    const set = settings.map((setting) => setting.join('='))
    const { stdout } = await saidOf(finished(settings), ...asked, '--set', ...set)
    expect(stdout).toMatch(/^dann +0\.9000 \(best\)/m)
  })

  it('says under which experiment each pair ran, and where that was made for another', async () => {
    expect((await saidOf(finished(), ...asked)).stdout).toMatch(
      /^usps → mnist +usps-mnist +original → original$/m,
    )
    const given = [...asked, '--preset', 'mnist-usps']
    const { experiment } = presets.find(({ id }) => id === 'mnist-usps') ?? {}
    const runs = finished([], { under: '', experiment: experiment ?? {} })
    const { stdout } = await saidOf(runs, ...given)
    expect(stdout).toMatch(/^mnist → usps +mnist-usps +original → pooled$/m)
    expect(stdout).toMatch(/^usps → mnist +mnist-usps \(made for another pair\) +original → pooled$/m)
    const { cells } = JSON.parse((await saidOf(runs, ...given, '--json')).stdout) as { cells: unknown[] }
    expect(cells[0]).toMatchObject({ under: 'mnist-usps', madeForPair: true, pairing: 'chosen' })
    expect(cells[5]).toMatchObject({
      method: 'no-source',
      role: 'control',
      source: 'usps',
      target: 'mnist',
      madeForPair: false,
      pairing: 'best',
    })
  })

  it('does not go through what is set for all', async () => {
    const settings = ['adaptation.method=dann', 'target.shifts.0.kind=blur', 'source.dataset=usps']
    for (const setting of settings) {
      const { code, stdout } = await saidOf([], ...asked, '--set', setting, '--json')
      expect(code).toBe(2)
      expect(JSON.parse(stdout)).toHaveProperty('error.code', 'varied-setting')
    }
  })
})
