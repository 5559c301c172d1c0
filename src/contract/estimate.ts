/**
 * An accuracy of the target that is estimated without its labels, and a sign that many target samples belong to none of
 * the classes. docs/judging.md says what both rest on.
 */
import { z } from 'zod'

const share = z.number().min(0).max(1)

export const estimateSchema = z.strictObject({
  /**
   * Estimated accuracy on the target's training images: under the chosen pairing if the domains share their classes,
   * otherwise under the best one.
   */
  accuracy: share,
  /** Mean confidence on these images as the networks state it, the plainest estimate. */
  confidence: share,
  /** The source samples that the estimate rests on: held out from training, or training samples. */
  on: z.enum(['held-out', 'training']),
  count: z.int().min(1),
  /** The temperature fitted on them (Guo et al. 2017), and their expected calibration error without and with it. */
  temperature: z.number().positive(),
  calibrationErrorBefore: share,
  calibrationErrorAfter: share,
  /**
   * Share of the target's sample that is both less certain and further from every class mean than 95 % of the source
   * samples are.
   */
  outlying: share,
})
export type Estimate = z.infer<typeof estimateSchema>

/**
 * Mean absolute error of the estimated accuracy over the tasks of docs/estimates.md that were not for choosing, rounded up.
 * It is shown with every estimate.
 */
export const usualError = 0.07

/**
 * The share of outlying target samples from which a warning is shown; docs/judging.md says how it was found. The share
 * before adaptation counts: adaptation makes predictions certain, those of foreign samples too.
 */
const leastForeign = 0.25

/** Whether many target samples probably belong to none of the classes. */
export const hasForeignSamples = ({ outlying }: Pick<Estimate, 'outlying'>): boolean =>
  outlying >= leastForeign
