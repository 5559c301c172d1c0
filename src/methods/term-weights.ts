/**
 * Weights of loss terms. A method declares each weight as a parameter with a schedule (`termWeight`); the experiment
 * may choose another schedule for it (`adaptation.weightSchedules`). At progress p the weight is its value times the
 * schedule's factor.
 */
import type { Experiment } from '../contract/experiment'
import type { Parameters, ParameterValue, WeightSchedule } from '../contract/parameter'

/**
 * The factor of a weight at `progress` p, from 0 to 1. `logistic`: 2 / (1 + exp(-gamma p)) - 1, from 0 towards 1 (Ganin
 * et al. 2016, section 5.2.2); `linear`: p.
 */
export function weightFactor(schedule: WeightSchedule, progress: number, gamma = 10): number {
  switch (schedule) {
    case 'constant':
      return 1
    case 'logistic':
      return 2 / (1 + Math.exp(-gamma * progress)) - 1
    case 'linear':
      return progress
  }
}

/** The weights at `progress` through all rounds, by the parameter of each. */
export function weightsAt(
  progress: number,
  parameters: Parameters,
  values: Readonly<Record<string, ParameterValue>>,
  chosen: Experiment['adaptation']['weightSchedules'],
): Record<string, number> {
  const numberIn = (key: string) => Number(values[key])
  const weights: Record<string, number> = {}
  for (const [key, { weight }] of Object.entries(parameters)) {
    if (weight === undefined) continue
    const gamma = weight.gamma === undefined ? undefined : numberIn(weight.gamma)
    weights[key] = numberIn(key) * weightFactor(chosen[key] ?? weight.schedule, progress, gamma)
  }
  return weights
}
