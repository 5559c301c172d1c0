/** The classifier of the target, in methods in which it differs from C. Checkpoints are read by its id. */
import type { AddedNetwork } from '../networks/added'

export const targetClassifier: AddedNetwork = { id: 'target_classifier', like: 'classifier' }
