/**
 * A checkpoint as a model of TensorFlow.js: C on MT (on MS where there is no MT yet), as a layers model that
 * `tf.loadLayersModel` reads in a browser or in Node. Images `[batch, 28, 28, channels]` in, one logit a source
 * class out.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { pathToFileURL } from 'url'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { disposeVariables } from '../models/network'
import { predictorOf } from '../training/networks'
import { readNetworks } from './evaluate-checkpoint'
import { loadTensorFlow } from './native'

/** Where pooling and ReLU are exchanged against src/models: ReLU commutes with the largest. */
export async function exportTfjs({
  checkpoint,
  out,
}: AnalystOrder<'exportTfjs'>): Promise<AnalystOutput<'exportTfjs'>> {
  const { tensors, model, classes } = await readNetworks(checkpoint)
  const { tf } = await loadTensorFlow(1)
  const { encoder, classifier } = predictorOf(tensors, 'target', model, classes, checkpoint)
  const { layers } = tf

  const convolution = (name: string, filters: number) =>
    layers.conv2d({ name, filters, kernelSize: 5, activation: 'relu' })
  const sequence = tf.sequential({
    name: 'domain-adaptation',
    layers: [
      layers.inputLayer({ inputShape: [28, 28, model.channels], name: 'image' }),
      convolution('conv1', 32),
      layers.maxPooling2d({ poolSize: 2, name: 'pool1' }),
      convolution('conv2', 64),
      layers.maxPooling2d({ poolSize: 2, name: 'pool2' }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({
        units: 512,
        name: 'features',
        activation: model.classifierActivation === 'relu' ? 'relu' : 'linear',
      }),
      layers.dense({ units: classes, name: 'logits' }),
    ],
  })
  sequence.setWeights([...encoder.variables, ...classifier.variables].map(({ variable }) => variable))
  await sequence.save(pathToFileURL(out).href)
  sequence.dispose()
  disposeVariables([...encoder.variables, ...classifier.variables])
  return { files: (await fs.readdir(out)).sort().map((name) => join(out, name)) }
}
