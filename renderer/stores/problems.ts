/** The problem with each value of the form: the same error that the command line reports, at its field. */
import { settingRefused } from '../../src/contract/encoder'
import type { ErrorMessage } from '../../src/contract/errors'
import type { Experiment } from '../../src/contract/experiment'

export type FieldProblems = ReadonlyMap<string, ErrorMessage>

/**
 * Short texts for a problem at its own field, which need not repeat the setting's name; null: use the full error text.
 */
export type ShortRule = 'least' | 'most' | 'number' | 'whole' | 'needed' | 'long'

export interface ShortProblem {
  readonly rule: ShortRule
  readonly bound: number
}

export function shortProblem({ code, params }: ErrorMessage): ShortProblem | null {
  const { value, least, most, name, expected } = params
  if (code === 'missing-setting') return { rule: 'needed', bound: 0 }
  if (code === 'wrong-type')
    return { rule: /\binteger\b/.test(String(expected)) ? 'whole' : 'number', bound: 0 }
  if (code !== 'out-of-range') return null
  if (String(name).endsWith('.length')) return { rule: 'long', bound: Number(most) }
  if (typeof value !== 'number') return { rule: 'number', bound: 0 }
  return value < Number(least)
    ? { rule: 'least', bound: Number(least) }
    : { rule: 'most', bound: Number(most) }
}

/** The setting to show an error at, for errors that only the data reveals; null if no setting is concerned. */
export function settingOf({ code, params }: ErrorMessage, experiment: Experiment): string | null {
  const domains = ['source', 'target'] as const
  switch (code) {
    case 'encoder-refuses-samples':
      return settingRefused(experiment.model)
    case 'unlike-samples':
      return 'target.dataset'
    case 'unknown-method':
    case 'too-few-classes':
    case 'method-needs-views':
    case 'labels-not-learned':
      return 'adaptation.method'
    case 'shots-too-many':
    case 'shots-leave-none':
    case 'shots-of-one':
    case 'labels-and-shots':
      return 'adaptation.shots'
    case 'unequal-classes':
    case 'invalid-pairing':
    case 'classes-do-not-meet':
      return 'pairing'
    case 'count-too-large':
    case 'too-few-images':
      return `${String(params['domain'])}.count`
    case 'repeated-class':
      return `${String(params['domain'])}.classes`
    case 'source-unlabelled':
      return 'source.dataset'
    case 'unknown-dataset':
    case 'dataset-in-trash':
    case 'images-not-imported':
      return atDomain(
        domains.find((key) => experiment[key].dataset === (params['name'] ?? params['folder'])),
        'dataset',
      )
    case 'no-such-split':
      return atDomain(
        domains.find((key) => isSplit(experiment, key, params)),
        'split',
      )
    case 'unknown-class':
      return atDomain(
        domains.find((key) => hasClass(experiment, key, params)),
        'classes',
      )
    default:
      return typeof params['name'] === 'string' ? named(params['name']) : null
  }
}

/** Without a value: `adaptation.method=target-supervised` names the method that needs labels. */
const named = (name: string): string => name.replace(/=.*$/, '')

type Params = ErrorMessage['params']

function atDomain(key: 'source' | 'target' | undefined, setting: string): string | null {
  return key === undefined ? null : `${key}.${setting}`
}

function isSplit(experiment: Experiment, key: 'source' | 'target', { dataset, split }: Params): boolean {
  const domain = experiment[key]
  return domain.dataset === dataset && `${domain.partition}/${domain.split}` === split
}

function hasClass(experiment: Experiment, key: 'source' | 'target', params: Params): boolean {
  const domain = experiment[key]
  return domain.dataset === params['dataset'] && domain.classes.includes(String(params['class']))
}
