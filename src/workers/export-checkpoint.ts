/**
 * Exports a checkpoint for use elsewhere: the same safetensors file, the recipe's `.npy` files, a TensorFlow.js layers
 * model, or weights and a script for PyTorch. The last two hold the networks that classify the target (MS and C before
 * adaptation), the names of the classes and the preprocessing.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { readBytes, readCheckpoint } from '../checkpoints/checkpoint'
import { writeRecipe } from '../checkpoints/recipe'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import type { Reading } from '../data/reading'
import { writeFolder, writeNew } from '../files/atomic'
import { writeLayersModel, writePyTorch } from './exported-networks'
import { declaredNetworks } from '../methods/networks'
import { openPredictor } from './opened-predictor'
import { notesOn } from './preparation'

type Order = AnalystOrder<'exportCheckpoint'>

/**
 * @throws `already-there` if `out` exists, even if it was created after the caller looked; `statistics-unreadable`;
 * what reading the checkpoint throws
 */
export async function exportCheckpoint(
  order: Order,
  reading: Reading,
): Promise<AnalystOutput<'exportCheckpoint'>> {
  const { checkpoint, out, format } = order
  switch (format) {
    case 'safetensors':
      await readCheckpoint(checkpoint, declaredNetworks)
      reading(null)
      await writeNew(out, await readBytes(checkpoint))
      return { files: [out], notes: [] }
    case 'npy': {
      const { tensors } = await readCheckpoint(checkpoint, declaredNetworks)
      reading(null)
      return { files: await writeRecipe(out, tensors), notes: [] }
    }
    case 'tfjs':
    case 'pytorch': {
      const opened = await openPredictor(order, reading)
      const write = { tfjs: writeLayersModel, pytorch: writePyTorch }[format]
      await writeFolder(out, (making) => write(opened, making)).finally(opened.dispose)
      return { files: (await fs.readdir(out)).sort().map((name) => join(out, name)), notes: notesOn(opened) }
    }
  }
}
