/** Writes the networks of a checkpoint for other programs: as a model of TensorFlow.js, and as a script of PyTorch. */
import { join } from 'path'
import { pathToFileURL } from 'url'
import { toTorch } from '../checkpoints/layout'
import { encodeSafetensors, type NamedTensor } from '../checkpoints/safetensors'
import { networksOf } from '../checkpoints/shapes'
import { declaredNetworks } from '../methods/networks'
import { writeAtomic } from '../files/atomic'
import { sampleSpec, shapeOf } from '../contract/sample'
import type { Network } from '../models/network'
import { baseLayers } from '../networks/registry'
import { applyLayers, type Applied } from './layers-model'
import { loadTensorFlow } from './native'
import type { OpenedPredictor } from './opened-predictor'
import { predictScript } from './predict-script'
import { preparationOf } from './preparation'

/**
 * A layers model for `tf.loadLayersModel` in a browser or in Node. It takes prepared samples, images
 * `[batch, side, side, channels]` or vectors `[batch, length]`, and gives one logit for each class. Its
 * `userDefinedMetadata` (in model.json; `model.getUserDefinedMetadata()`) is a `Preparation`.
 */
export async function writeLayersModel(opened: OpenedPredictor, folder: string): Promise<void> {
  const { predictor, model, classes } = opened
  const { encoder, classifier } = predictor
  const { tf } = await loadTensorFlow(1)
  const spec = sampleSpec(model)
  const base = baseLayers(model, classes)
  const input = tf.input({ shape: shapeOf(spec), name: spec.kind })
  const features = applyLayers(tf, base.encoder, input, '')
  const logits = applyLayers(tf, base.classifier, features.output, 'classifier_')
  const layersModel = tf.model({ name: 'domain-adaptation', inputs: input, outputs: logits.output })
  setWeights(features, encoder)
  setWeights(logits, classifier)
  layersModel.setUserDefinedMetadata(preparationOf(opened))
  try {
    await layersModel.save(pathToFileURL(folder).href)
  } finally {
    layersModel.dispose()
  }
}

function setWeights({ weighted }: Applied, { id, variables }: Network): void {
  const values = new Map(variables.map(({ name, variable }) => [name, variable]))
  for (const { layer, tensors } of weighted)
    layer.setWeights(
      tensors.map((tensor) => {
        const value = values.get(`${id}.${tensor}`)
        if (value === undefined) throw new Error(`no tensor ${tensor}`)
        return value
      }),
    )
}

/** `weights.safetensors`, in PyTorch's layout, and `predict.py`, which predicts with it. */
export async function writePyTorch(opened: OpenedPredictor, folder: string): Promise<void> {
  const { model, experiment, round } = opened
  const script = await predictScript({
    ...preparationOf(opened),
    model,
    name: experiment?.name ?? '',
    round,
  })
  await writeAtomic(join(folder, 'predict.py'), script)
  const metadata = { format: 'pt' }
  await writeAtomic(join(folder, 'weights.safetensors'), encodeSafetensors(weightsOf(opened), metadata))
}

/** The names that the modules in the script give their layers. */
function weightsOf({ predictor, tensors, statistics, model, classes }: OpenedPredictor): NamedTensor[] {
  const declared = networksOf(model, classes, declaredNetworks)
  const networks = [
    { module: 'encoder', id: predictor.encoder.id },
    { module: 'classifier', id: predictor.classifier.id },
  ]
  const weights = networks.flatMap(({ module, id }) => {
    const own = tensors.filter(({ name }) => name.startsWith(`${id}.`))
    return toTorch(own, declared).map((tensor) => ({
      ...tensor,
      name: `${module}${tensor.name.slice(id.length)}`,
    }))
  })
  const column = (name: string, values: Float64Array): NamedTensor => ({
    name: `normalisation.${name}`,
    shape: [values.length],
    data: Float32Array.from(values),
  })
  return statistics === null
    ? weights
    : [...weights, column('mean', statistics.means), column('deviation', statistics.deviations)]
}
