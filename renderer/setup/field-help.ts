/** The help line below the set-up form. Fields set it; the form shows it. */
import { inject, type InjectionKey, type ShallowRef } from 'vue'

/** A function, so that the line follows a change of language; null while the pointer is on no field. */
export type FieldHelp = ShallowRef<(() => string) | null>

export const fieldHelpKey: InjectionKey<FieldHelp> = Symbol('field help')

export function useFieldHelp(): (words: (() => string) | null) => void {
  const help = inject(fieldHelpKey, null)
  return (words) => {
    if (help !== null) help.value = words
  }
}
