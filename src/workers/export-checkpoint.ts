/**
 * Exports a checkpoint for use elsewhere: the same safetensors file, the recipe's `.npy` files, or a TensorFlow.js
 * layers model of the networks that classify the target (MS and C before adaptation), for `tf.loadLayersModel` in a
 * browser or in Node. The model takes images `[batch, side, side, channels]` and returns one logit per source class.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { pathToFileURL } from 'url'
import { readBytes, readCheckpoint } from '../checkpoints/checkpoint'
import { writeRecipe } from '../checkpoints/recipe'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import type { Reading } from '../data/reading'
import { writeFolder, writeNew } from '../files/atomic'
import { disposeVariables } from '../models/network'
import { predictorOf } from '../training/networks'
import { readNetworks } from './evaluate-checkpoint'
import { layersOf } from './layers-model'
import { loadTensorFlow } from './native'

type Order = AnalystOrder<'exportCheckpoint'>
type Paths = Pick<Order, 'checkpoint' | 'out'>

/** @throws `already-there` if `out` exists, even if it was created after the caller looked */
export async function exportCheckpoint(
  { format, ...paths }: Order,
  reading: Reading,
): Promise<AnalystOutput<'exportCheckpoint'>> {
  const { tensors } = await readCheckpoint(paths.checkpoint)
  reading(null)
  switch (format) {
    case 'safetensors':
      await writeNew(paths.out, await readBytes(paths.checkpoint))
      return { files: [paths.out] }
    case 'npy':
      return { files: await writeRecipe(paths.out, tensors) }
    case 'tfjs':
      return { files: await exportTfjs(paths) }
  }
}

async function exportTfjs({ checkpoint, out }: Paths): Promise<string[]> {
  // The model takes scaled images: the scaling is no part of it.
  const { tensors, model, classes } = await readNetworks(checkpoint, 'unit')
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
  return (await fs.readdir(out)).sort().map((name) => join(out, name))
}
