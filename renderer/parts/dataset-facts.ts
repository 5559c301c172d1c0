/** One line about a dataset: its classes and the shape of its samples. */
import { useI18n } from 'vue-i18n'
import type { DatasetSummary } from '../../src/contract/dataset'

export function useDatasetFacts(): (dataset: DatasetSummary) => string {
  const { t } = useI18n()
  return ({ classNames, kind, width, height, length, reduced }) => {
    const count = classNames.length
    const classes = count === 0 ? t('data.noLabels') : t('data.classes', { count })
    if (kind === 'vector') return t('data.vectors', { classes, length })
    const size =
      width === null ? t('data.sizesDiffer', { classes }) : t('data.facts', { classes, width, height })
    return reduced === 0 ? size : t('data.reduced', { size, count: reduced })
  }
}
