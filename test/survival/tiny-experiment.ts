/**
 * A real experiment that takes seconds: two digits in each domain, 60 images, two steps a round, then everything that
 * follows a round.
 */
import type { ExperimentInput } from '../../src/contract/experiment'

export function tinyExperiment(name: string, rounds: number): ExperimentInput {
  return {
    name,
    model: { side: 16 },
    source: { dataset: 'usps', classes: [0, 1], count: 60, split: 'test' },
    target: { dataset: 'usps', classes: [2, 3], count: 60, split: 'test' },
    pairing: [0, 1],
    seed: 0,
    adaptation: { epochs: rounds, learningRate: 0.001 },
    retention: { keep: 'best-and-last' },
  }
}
