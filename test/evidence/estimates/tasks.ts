/** The tasks of build/results/tasks.json on which estimates are compared. */

/** Pairs by which settings may be chosen (docs/tuning.md): {0, 1} to {2, 3}, and MNIST with USPS. */
export const choosing: readonly string[] = [
  'first-look',
  'digits',
  'digits-plain',
  'break-imbalance',
  'break-collapse',
  'mnist-usps',
  'mnist-usps-plain',
  'mnist-usps-plain-bn',
  'mnist-usps-views',
  'mnist-usps-box',
  'mnist-usps-adda',
  'mnist-usps-shot-im',
  'mnist-usps-mcc',
  'mnist-usps-dan',
  'usps-mnist',
  'usps-mnist-plain',
  'usps-mnist-views',
]

/** Pairs on which nothing was chosen. */
export const others: readonly string[] = [
  'digits-09-15',
  'digits-17-25',
  'digits-38-46',
  'digits-49-71',
  'digits-56-80',
  'mnist-rotated',
  'mnist-rotated-views',
  'mnist-noisy',
  'mnist-noisy-views',
  'mnist-coloured',
  'mnist-coloured-views',
]
