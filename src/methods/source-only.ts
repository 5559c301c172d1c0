/**
 * Source-only, or straight transfer: the source's encoder and classifier applied to the target unchanged. The baseline
 * for every method.
 */
import type { Method } from './method'

export const sourceOnly: Method = {
  declaration: {
    id: 'source-only',
    title: 'Source only',
    role: 'adaptation',
    about: {
      en: 'No adaptation: the classifier trained on the source is applied to the target as it is. Every other method is measured against it.',
      zh: '不做适应：把在源域上训练好的分类器直接用于目标域，是衡量其他方法的基线。',
    },
    references: [],
    losses: [],
    networks: [],
    sourceJudge: 'MS',
    statistics: 'source',
    discriminator: false,
    minClasses: 1,
    parameters: {},
  },
  adapt: null,
}
