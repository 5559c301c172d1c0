/** The settings on which the cost of each part of a training depends. */
import type { Domain, Experiment } from '../contract/experiment'
import type { TimedPart } from '../contract/timing'

/**
 * Ordered from the most important to details: an earlier run that agrees in more of them predicts the cost better.
 * Settings without a cost of their own (learning rates, seeds, numbers of epochs and steps) are excluded by name, so
 * that a new setting counts until it is shown not to matter.
 */
export function costKind(part: TimedPart, experiment: Experiment): string[] {
  const { model, adaptation } = experiment
  switch (part) {
    case 'launch':
      return []
    case 'load':
      return [
        String(model.channels),
        JSON.stringify([imagesOf(experiment.source), imagesOf(experiment.target)]),
      ]
    case 'compile-source':
    case 'source':
      return [JSON.stringify(model), sourceSettings(experiment)]
    case 'first-round':
    case 'compile-adaptation':
    case 'adaptation':
    case 'round':
      return [JSON.stringify(model), adaptation.method, adaptationSettings(experiment)]
  }
}

const imagesOf = (domain: Domain) => without(domain, 'seed', 'classes', 'count', 'rarest')

function sourceSettings({ sourceStage, pairing }: Experiment): string {
  const costly = without(
    sourceStage,
    ...(['epochs', 'steps', 'learningRate', 'schedule', 'labelSmoothing', 'views'] as const),
  )
  return JSON.stringify([costly, sourceStage.views !== null, pairing.length])
}

function adaptationSettings(experiment: Experiment): string {
  const { sourceStage, adaptation, pairing } = experiment
  const stage = without(
    adaptation,
    ...([
      'epochs',
      'steps',
      'learningRate',
      'schedule',
      'labelSmoothing',
      'views',
      'weightSchedules',
    ] as const),
  )
  const others = without(
    experiment,
    ...(['name', 'seed', 'source', 'target', 'pairing', 'model'] as const),
    ...(['sourceStage', 'adaptation', 'restarts', 'retention'] as const),
  )
  return JSON.stringify([stage, sourceStage.views !== null, pairing.length, others])
}

function without<T extends object>(settings: T, ...names: (keyof T)[]): object {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name as keyof T)))
}
