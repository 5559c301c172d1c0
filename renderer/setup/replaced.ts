/** Offers to bring back the settings that were changed by hand, after others have taken their place in the form. */
import { useI18n } from 'vue-i18n'
import { useNotices } from '../stores/notices'

/** @returns takes what brings them back; null where nothing was lost */
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
