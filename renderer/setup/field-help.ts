/** The line at the form's foot that says what the field in hand means. Fields write it, the form shows it. */
import { inject, type InjectionKey, type Ref } from 'vue'

export const fieldHelpKey: InjectionKey<Ref<string>> = Symbol('field help')

export function useFieldHelp(): (words: string) => void {
  const help = inject(fieldHelpKey, null)
  return (words) => {
    if (help !== null) help.value = words
  }
}
