/** How learning rates change while a stage goes on. */
import type { Experiment } from '../contract/experiment'

/** What to multiply a learning rate with at `progress` from 0 to 1; `cosine` falls from 1 to 0 (Loshchilov, Hutter 2017). */
export function scheduled(schedule: Experiment['adaptation']['schedule'], progress: number): number {
  return schedule === 'constant' ? 1 : (1 + Math.cos(Math.PI * progress)) / 2
}
