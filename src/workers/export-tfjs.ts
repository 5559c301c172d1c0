/**
 * A checkpoint as a model of TensorFlow.js: what judges the target (MS and C before adaptation), as a layers model that
 * `tf.loadLayersModel` reads in a browser or in Node. Images `[batch, 28, 28, channels]` in, one logit a source
 * class out.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { pathToFileURL } from 'url'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { writeFolder } from '../files/atomic'
import { disposeVariables } from '../models/network'
import { predictorOf } from '../training/networks'
import { readNetworks } from './evaluate-checkpoint'
import { loadTensorFlow } from './native'

/** Maps of the convolutions and length of the features. */
const sizes = { lenet: [32, 64, 512], 'lenet-bn': [20, 50, 256] } as const

/** Where pooling and ReLU are exchanged against src/models: ReLU commutes with the largest. */
export async function exportTfjs({
  checkpoint,
  out,
}: AnalystOrder<'exportTfjs'>): Promise<AnalystOutput<'exportTfjs'>> {
  const { tensors, model, classes } = await readNetworks(checkpoint)
  const { tf } = await loadTensorFlow(1)
  const { encoder, classifier } = predictorOf(tensors, 'target', model, classes, checkpoint)
  const { layers } = tf
  const [conv1, conv2, fc] = sizes[model.encoder]

  const convolution = (name: string, filters: number) =>
    layers.conv2d({ name, filters, kernelSize: 5, activation: 'relu' })
  const sequence = tf.sequential({
    name: 'domain-adaptation',
    layers: [
      layers.inputLayer({ inputShape: [28, 28, model.channels], name: 'image' }),
      convolution('conv1', conv1),
      layers.maxPooling2d({ poolSize: 2, name: 'pool1' }),
      convolution('conv2', conv2),
      layers.maxPooling2d({ poolSize: 2, name: 'pool2' }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ units: fc, name: 'features' }),
      ...(model.encoder === 'lenet-bn' ? [layers.batchNormalization({ name: 'bn', epsilon: 1e-5 })] : []),
      ...(model.classifierActivation === 'relu' ? [layers.reLU({ name: 'activation' })] : []),
      layers.dense({ units: classes, name: 'logits' }),
    ],
  })
  const trained = [...encoder.learned, ...classifier.learned]
  const running = encoder.variables.filter((one) => !encoder.learned.includes(one))
  sequence.setWeights([...trained, ...running].map(({ variable }) => variable))
  await writeFolder(out, async (making) => {
    await sequence.save(pathToFileURL(making).href)
  })
  sequence.dispose()
  disposeVariables([...encoder.variables, ...classifier.variables])
  return { files: (await fs.readdir(out)).sort().map((name) => join(out, name)) }
}
