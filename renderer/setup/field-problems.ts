/** Where a field looks up its problem: in the experiment form, unless it belongs to a form with its own problems. */
import { inject, type ComputedRef, type InjectionKey } from 'vue'
import { useExperiment } from '../stores/experiment'
import type { FieldProblems } from '../stores/problems'

export const fieldProblemsKey: InjectionKey<ComputedRef<FieldProblems>> = Symbol('field problems')

export function useFieldProblems(): () => FieldProblems {
  const own = inject(fieldProblemsKey, null)
  const experiment = useExperiment()
  return () => own?.value ?? experiment.shownProblems
}
