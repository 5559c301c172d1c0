/** Which networks calibrate the probabilities of a checkpoint. */
import { expect, test } from 'vitest'
import { disposeVariables, valuesOf } from '../../../src/models/network'
import { createNetworks, predictorOf } from '../../../src/training/networks'
import { loadTensorFlow } from '../../../src/workers/native'
import { disposePredictors, sourcePredictorOf } from '../../../src/workers/source-predictor'
import { experimentWith } from '../training/support'

await loadTensorFlow(1)

/** A checkpoint of a run by this method, as stored and as its predictor of the target. */
function checkpointBy(method: string) {
  const experiment = experimentWith({ adaptation: { method } })
  const { ofSource, ofAdaptation } = createNetworks(experiment)
  const variables = [...ofSource, ...ofAdaptation].flatMap((network) => network.variables)
  const tensors = valuesOf(variables)
  disposeVariables(variables)
  const stored = { tensors, model: experiment.model, classes: 2, experiment }
  return { stored, predictor: predictorOf(tensors, 'target', experiment.model, 2, 'file') }
}

test.each(['adda', 'shot-im'])(
  'MS and C calibrate MT after %s, which lets MT forget the source',
  (method) => {
    const { stored, predictor } = checkpointBy(method)
    const source = sourcePredictorOf(predictor, stored, 'file')
    expect(predictor.encoder.id).toBe('target_encoder')
    expect([source.encoder.id, source.classifier.id]).toEqual(['source_encoder', 'classifier'])
    disposePredictors(predictor, source)
  },
)

test('networks that learn both domains calibrate themselves, as do those of another program', () => {
  const { stored, predictor } = checkpointBy('dann')
  expect(sourcePredictorOf(predictor, stored, 'file')).toBe(predictor)
  const { stored: forgetful } = checkpointBy('adda')
  expect(sourcePredictorOf(predictor, { ...forgetful, experiment: null }, 'file')).toBe(predictor)
  disposePredictors(predictor, predictor)
})
