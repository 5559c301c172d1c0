/** Learning rate schedules. */
import type { Experiment } from '../contract/experiment'

/**
 * The factor for a learning rate at `progress` p, from 0 to 1. `cosine` falls from 1 to 0 (Loshchilov, Hutter 2017);
 * `inverse` is (1 + 10 p)^-0.75 (Ganin et al. 2016, section 5.2.2).
 */
export function scheduled(schedule: Experiment['adaptation']['schedule'], progress: number): number {
  switch (schedule) {
    case 'constant':
      return 1
    case 'cosine':
      return (1 + Math.cos(Math.PI * progress)) / 2
    case 'inverse':
      return (1 + 10 * progress) ** -0.75
  }
}
