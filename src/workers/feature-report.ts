/** Reports the features that a backbone computes before a training, and lets the user pause or stop meanwhile. */
import type { Experiment } from '../contract/experiment'
import type { RecordedEvent } from '../contract/record'
import type { Progress } from '../contract/training'
import type { FeatureReport } from './backbone-features'
import type { Control } from './control'
import { createPace } from './pace'
import { loadingProgress } from './report'

/** Thrown where the user stops a run; it has no message, because it is not an error. */
export class StoppedByUser extends Error {}

type FeaturesEvent = Omit<Extract<RecordedEvent, { type: 'features' }>, 'time'>

export function featureReport(
  { model, adaptation }: Experiment,
  control: Control,
  tell: (progress: Progress) => void,
): FeatureReport & { readonly events: readonly FeaturesEvent[] } {
  const events: FeaturesEvent[] = []
  const pace = createPace()
  let last = 0

  return {
    events,
    async turn(done, missing) {
      const now = Date.now()
      if (done > last) pace.step(done - last, now)
      last = done
      const each = pace.perSecond()
      const progress: Progress = {
        ...loadingProgress(adaptation.epochs),
        phase: 'features',
        step: done,
        steps: missing,
        perSecond: each,
      }
      tell(progress)
      await control.turn(() => tell({ ...progress, phase: 'paused', perSecond: null }))
      if (control.stopping) throw new StoppedByUser()
    },
    computed(summary) {
      last = 0
      events.push({ type: 'features', network: model.backbone?.network ?? '', ...summary })
    },
  }
}
