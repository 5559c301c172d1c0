/** Text for a problem at its field: a short one if the rule has one, else the full error text. */
import { useI18n } from 'vue-i18n'
import type { ErrorMessage } from '../../src/contract/errors'
import { sentence } from '../../src/language/sentence'
import { decimal } from '../format/numbers'
import { useSettings } from '../stores/settings'
import { shortProblem } from '../stores/problems'

export function useProblemWords(): (problem: ErrorMessage | undefined) => string | null {
  const { t } = useI18n()
  const settings = useSettings()
  return (problem) => {
    if (problem === undefined) return null
    const short = shortProblem(problem)
    if (short === null) return sentence(problem, settings.language)
    return t(`problem.${short.rule}`, { bound: decimal(short.bound) })
  }
}
