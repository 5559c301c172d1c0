/** The messages of one language as intlify translates them: keys are taken whole, not as paths. */
import { createCoreContext, resolveWithKeyValue } from '@intlify/core'
import type { Language } from './language'

type Messages = Readonly<Record<string, string>>

export function contextIn(language: Language, messages: Messages) {
  return createCoreContext({
    locale: language,
    messages: { [language]: { ...messages } },
    messageResolver: resolveWithKeyValue,
  })
}

export function contextsOf({ en, zh }: Readonly<Record<Language, Messages>>) {
  return { en: contextIn('en', en), zh: contextIn('zh', zh) }
}
