/** Where a field finds what is wrong with it: the experiment in the form, unless a form of its own says otherwise. */
import { inject, type ComputedRef, type InjectionKey } from 'vue'
import { useExperiment } from '../stores/experiment'
import type { FieldProblems } from '../stores/problems'

export const fieldProblemsKey: InjectionKey<ComputedRef<FieldProblems>> = Symbol('field problems')

export function useFieldProblems(): () => FieldProblems {
  const own = inject(fieldProblemsKey, null)
  const experiment = useExperiment()
  return () => own?.value ?? experiment.shownProblems
}
