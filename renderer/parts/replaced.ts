/** Shows a notice with an undo when other settings have replaced the user's changes in the form. */
import { useI18n } from 'vue-i18n'
import { useNotices } from '../stores/notices'

/** @returns a function that takes the undo; null if nothing was lost */
export function useReplaced(): (undo: (() => void) | null) => void {
  const { t } = useI18n()
  const notices = useNotices()
  return (undo) => {
    if (undo !== null)
      notices.say(
        () => t('setup.replaced'),
        () => Promise.resolve(undo()),
      )
  }
}
