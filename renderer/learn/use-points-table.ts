/** `pointsTable` in the current language. */
import { useI18n } from 'vue-i18n'
import type { Table } from '../charts/figure'
import { pointsTable } from './points-table'
import type { Toy } from './toy'

export function usePointsTable(toy: () => Toy): () => Table {
  const { t } = useI18n()
  return () =>
    pointsTable(toy(), {
      columns: [t('features.domain'), t('samples.label'), 'x', 'y', t('learn.verdict')],
      source: t('domain.source'),
      target: t('domain.target'),
      classes: [t('learn.circles'), t('learn.crosses')],
    })
}
