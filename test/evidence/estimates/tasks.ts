/** The tasks of build/results/tasks.json on which estimates are compared. */

/**
 * Pairs by which settings may be chosen (docs/tuning.md): {0, 1} to {2, 3}, and MNIST with USPS. The tasks "with views" are
 * left out: their networks are those of round 0 of the tasks that adapt.
 */
export const choosing: readonly string[] = [
  'digits',
  'digits-plain',
  'break-imbalance',
  'break-collapse',
  'mnist-usps',
  'mnist-usps-plain',
  'mnist-usps-plain-bn',
  'mnist-usps-box',
  'mnist-usps-adda',
  'mnist-usps-shot-im',
  'mnist-usps-mcc',
  'mnist-usps-dan',
  'usps-mnist',
  'usps-mnist-plain',
]

/** Pairs on which nothing was chosen. */
export const others: readonly string[] = [
  'digits-09-15',
  'digits-17-25',
  'digits-38-46',
  'digits-49-71',
  'digits-56-80',
  'mnist-rotated',
  'mnist-noisy',
  'mnist-coloured',
]

/** Added to the settings of every task, so that one takes a minute. Refused attempts are judged too. */
export const settings: readonly string[] = [
  'source.count=5000',
  'target.count=5000',
  'adaptation.epochs=4',
  'restarts=null',
]
