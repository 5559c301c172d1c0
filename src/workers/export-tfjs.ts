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
import { layersOf } from './layers-model'
import { loadTensorFlow } from './native'

export async function exportTfjs({
  checkpoint,
  out,
}: AnalystOrder<'exportTfjs'>): Promise<AnalystOutput<'exportTfjs'>> {
  const { tensors, model, classes } = await readNetworks(checkpoint)
  const { tf } = await loadTensorFlow(1)
  const { encoder, classifier } = predictorOf(tensors, 'target', model, classes, checkpoint)
  const sequence = tf.sequential({
    name: 'domain-adaptation',
    layers: layersOf(tf.layers, model, classes),
  })
  const trained = [...encoder.learned, ...classifier.learned]
  const running = [encoder, classifier].flatMap(({ variables, learned }) =>
    variables.filter((one) => !learned.includes(one)),
  )
  sequence.setWeights([...trained, ...running].map(({ variable }) => variable))
  await writeFolder(out, async (making) => {
    await sequence.save(pathToFileURL(making).href)
  })
  sequence.dispose()
  disposeVariables([...encoder.variables, ...classifier.variables])
  return { files: (await fs.readdir(out)).sort().map((name) => join(out, name)) }
}
