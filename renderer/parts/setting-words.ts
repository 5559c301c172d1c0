/** The text for a setting, given by its dotted name, as in the form; and its value as the form shows it. */
import { useI18n } from 'vue-i18n'
import { shiftSchema } from '../../src/contract/experiment'
import type { Parameter } from '../../src/contract/parameter'
import { decimal } from '../format/numbers'
import { useCatalogue } from '../stores/catalogue'
import { useSettings } from '../stores/settings'
import { amountsOf, unitOf } from './shifts'

export interface SettingWords {
  /** Without the name of the form's section. */
  ownName(setting: string): string
  nameOf(setting: string): string
  /** A dash for null: the run does not have the setting. */
  valueOf(setting: string, value: unknown): string
}

type Translate = ReturnType<typeof useI18n>['t']

/** Prefix for a setting that occurs in several sections of the form. */
const groups: Readonly<Record<string, (t: Translate) => string>> = {
  source: (t) => t('domain.source'),
  target: (t) => t('domain.target'),
  sourceStage: (t) => t('setup.sourceStage'),
  adaptation: (t) => t('setup.adaptation'),
}

/** Text keys that differ from `setup.` plus the last part of the setting's name. */
const named: Readonly<Record<string, (t: Translate) => string>> = {
  pairing: (t) => t('pairing.title'),
  round: (t) => t('round'),
  'adaptation.epochs': (t) => t('setup.rounds'),
  'measuring.every': (t) => t('setup.measureEvery'),
  'source.seed': (t) => t('setup.domainSeed'),
  'target.seed': (t) => t('setup.domainSeed'),
  'model.backbone': (t) => t('setup.backbone'),
  'model.backbone.network': (t) => t('setup.backbone'),
  'model.backbone.weights': (t) => t('setup.backboneWeights'),
  'source.shifts': (t) => t('setup.shifts'),
  'target.shifts': (t) => t('setup.shifts'),
}

/** Texts of choices that do not follow from the setting's name. */
const choices: Readonly<Record<string, (t: Translate, value: string | number) => string>> = {
  'optimiser.kind': (_, value) => (value === 'adam' ? 'Adam' : 'SGD'),
  'model.classifierActivation': (t, value) => (value === 'none' ? t('activation.none') : 'ReLU'),
  'model.pixels': (_, value) => (value === 'unit' ? '[0, 1]' : '[−1, 1]'),
  'model.channels': (t, value) => (value === 1 ? t('channels.grey') : t('channels.colour')),
}

export function useSettingWords(): SettingWords {
  const { t, te } = useI18n()
  const catalogue = useCatalogue()
  const settings = useSettings()

  /** From the first method that has the parameter: a name means the same in every method. */
  function parameterOf(setting: string): Parameter | null {
    const key = /^adaptation\.(?:parameters|weightSchedules)\.(.+)$/.exec(setting)?.[1]
    if (key === undefined) return null
    return catalogue.methods.map(({ parameters }) => parameters[key]).find((one) => one !== undefined) ?? null
  }

  function ownName(setting: string): string {
    const path = setting.split('.')
    const last = path[path.length - 1] ?? ''
    const parent = path[path.length - 2] ?? ''
    const parameter = parameterOf(setting)
    if (parameter !== null) {
      const label = parameter.label[settings.language]
      return parent === 'weightSchedules' ? t('setup.weightSchedule', { weight: label }) : label
    }
    const special = named[setting]
    if (special !== undefined) return special(t)
    if (last === 'kind') return t('setup.optimiser')
    const own = `${parent}.${last}`
    if (['optimiser', 'views', 'restarts'].includes(parent) && te(own)) return t(own)
    return te(`setup.${last}`) ? t(`setup.${last}`) : setting
  }

  function nameOf(setting: string): string {
    const name = ownName(setting)
    const group = groups[setting.split('.')[0] ?? '']
    return group === undefined || name === setting ? name : t('compare.setting', { group: group(t), name })
  }

  function shiftsIn(value: readonly unknown[]): string | null {
    const shifts = value.map((one) => shiftSchema.safeParse(one))
    const words = shifts.flatMap(({ data }) => {
      if (data === undefined) return []
      const amounts = amountsOf(data).map(([amount, number]) => `${decimal(number)}${unitOf(data, amount)}`)
      return [[t(`shift.${data.kind}`), ...amounts].join(' ')]
    })
    return words.length === shifts.length ? words.join(', ') : null
  }

  function wordOf(setting: string, value: string | number): string {
    const path = setting.split('.')
    const last = path[path.length - 1] ?? ''
    const choice = choices[path.slice(-2).join('.')]
    if (choice !== undefined) return choice(t, value)
    if (setting === 'adaptation.method')
      return catalogue.methodById.get(String(value))?.title ?? String(value)
    if (last === 'dataset') return catalogue.datasetById.get(String(value))?.title ?? String(value)
    if (last === 'count' && value === 'all') return t('setup.allImages')
    if (typeof value === 'number') return decimal(value)
    if (path[1] === 'weightSchedules' && te(`weightSchedule.${value}`)) return t(`weightSchedule.${value}`)
    const key = `${last}.${value}`
    const known = [
      'split',
      'partition',
      'framing',
      'schedule',
      'encoder',
      'keep',
      'vectors',
      'statistics',
    ].includes(last)
    return known && te(key) ? t(key) : value
  }

  return {
    ownName,
    nameOf,
    valueOf(setting, value) {
      if (value === null || value === undefined) return '–'
      if (typeof value === 'boolean') return value ? t('yes') : t('no')
      if (typeof value === 'string' || typeof value === 'number') return wordOf(setting, value)
      if (!Array.isArray(value)) return JSON.stringify(value)
      if (value.length === 0) return t('compare.none')
      if (setting === 'adaptation.labels') return decimal(value.length)
      const shifts = setting.endsWith('.shifts') ? shiftsIn(value) : null
      return shifts ?? value.map(String).join(', ')
    },
  }
}
