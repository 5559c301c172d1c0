/**
 * The recipe's checkpoints: MS.npy, C.npy, MT.npy and D.npy, each a dict of arrays in PyTorch's layout, under the
 * names of its modules. The article does not give these names; all names listed here are read, and the first of each
 * list is written. Two things go beyond the recipe: a separate target classifier is CT.npy, and batch normalisation,
 * hidden layers and the layers of `mlp` have our names. `fc1` is the linear layer of a LeNet in a file with
 * convolutions, and the first layer of `mlp` in one without.
 */
import { promises as fs } from 'fs'
import { basename, dirname, extname, join } from 'path'
import { labError } from '../contract/errors'
import { writeAtomic, writeFolder } from '../files/atomic'
import { readBytes } from './checkpoint'
import { fileError } from '../files/file-error'
import { decodeNpyDict, encodeNpyDict } from './npy'
import type { NamedTensor } from './safetensors'
import type { NetworkId } from './shapes'

/** Our name of a layer -> the recipe's names, for each network. */
type LayerNames = Readonly<Record<string, readonly string[]>>

const lenetLayers: LayerNames = {
  conv1: ['encoder.0'],
  conv2: ['encoder.3'],
  fc: ['fc1', 'fc2'],
  bn: ['bn'],
  bn1: ['bn1'],
  bn2: ['bn2'],
}

/** As many as an experiment may have (`model.hidden`). */
const mlpLayers: LayerNames = Object.fromEntries(
  [1, 2, 3, 4, 5, 6].flatMap((number) => [
    [`fc${number}`, [`fc${number}`]],
    [`bn${number}`, [`bn${number}`]],
  ]),
)

const classifierLayers: LayerNames = {
  fc: ['fc2', 'fc1'],
  hidden1: ['hidden1'],
  bn1: ['bn1'],
  hidden2: ['hidden2'],
  bn2: ['bn2'],
}

const parts = ['weight', 'bias', 'running_mean', 'running_var']

const discriminatorLayers: LayerNames = { fc1: ['layer.0'], fc2: ['layer.1'], fc3: ['layer.2'] }

/** The names in a network's file are those of the first list that has the name of its first layer. */
const encoderLayers = [lenetLayers, mlpLayers]

const recipeFiles: Readonly<Record<string, { network: NetworkId; layers: readonly LayerNames[] }>> = {
  MS: { network: 'source_encoder', layers: encoderLayers },
  C: { network: 'classifier', layers: [classifierLayers] },
  MT: { network: 'target_encoder', layers: encoderLayers },
  CT: { network: 'target_classifier', layers: [classifierLayers] },
  D: { network: 'discriminator', layers: [discriminatorLayers] },
}

/**
 * The tensors of the recipe's files under our names; `path` is their folder or one of the files. Missing files (MT and
 * D before adaptation) are left out.
 * @throws `unknown-format` (none of the files exists), `pickle-forbidden`, `pickle-torch`, `pickle-malformed`
 */
export async function readRecipe(path: string): Promise<NamedTensor[]> {
  const isFile = extname(path).toLowerCase() === '.npy'
  const folder = isFile ? dirname(path) : path
  const files = await recipeFilesIn(folder)
  const isOneOfThem = [...files.values()].some((file) => basename(file) === basename(path))
  if (files.size === 0 || (isFile && !isOneOfThem)) throw labError('unknown-format', { file: path })
  const tensors: NamedTensor[] = []
  for (const [id, file] of files)
    tensors.push(...toOurNames(id, decodeNpyDict(await readBytes(file), file), file))
  return tensors
}

/**
 * Writes the recipe's files into a new folder, all or none; networks that are not among the tensors get no file.
 * @throws `already-there`, `no-permission`, `disk-full`
 */
export async function writeRecipe(folder: string, tensors: readonly NamedTensor[]): Promise<string[]> {
  const names: string[] = []
  await writeFolder(folder, async (making) => {
    for (const [name, content] of recipeOf(tensors)) {
      await writeAtomic(join(making, name), content)
      names.push(name)
    }
  })
  return names.map((name) => join(folder, name))
}

/** Name and content of each of the recipe's files. A generator, because all contents together are large. */
function* recipeOf(tensors: readonly NamedTensor[]): Generator<[name: string, content: Uint8Array]> {
  for (const [id, { network, layers }] of Object.entries(recipeFiles)) {
    const ofNetwork = tensors.filter(({ name }) => name.startsWith(`${network}.`))
    const layerOf = (name: string) => name.split('.')[1] ?? ''
    const names = fittingNames(layers, (list) => ofNetwork.every(({ name }) => layerOf(name) in list))
    const own = ofNetwork.flatMap((tensor) => {
      const [, layer = '', part = ''] = tensor.name.split('.')
      const recipeName = names[layer]?.[0]
      return recipeName === undefined ? [] : [{ ...tensor, name: `${recipeName}.${part}` }]
    })
    if (own.length > 0) yield [`${id}.npy`, encodeNpyDict(own)]
  }
}

/** MS, C, MT, CT, D -> the file of that name, ignoring case. */
async function recipeFilesIn(folder: string): Promise<Map<string, string>> {
  const names = await fs.readdir(folder).catch((problem: unknown) => {
    throw fileError(problem, folder)
  })
  const files = new Map<string, string>()
  for (const id of Object.keys(recipeFiles)) {
    const name = names.find((candidate) => candidate.toLowerCase() === `${id.toLowerCase()}.npy`)
    if (name !== undefined) files.set(id, join(folder, name))
  }
  return files
}

/** The first list that fits; if none does, the first of all, which names what is expected. */
function fittingNames(lists: readonly LayerNames[], fits: (list: LayerNames) => boolean): LayerNames {
  return lists.find(fits) ?? lists[0] ?? {}
}

function toOurNames(id: string, tensors: readonly NamedTensor[], file: string): NamedTensor[] {
  const { network, layers } = recipeFiles[id] ?? { network: id, layers: [] }
  const holds = (layer: string) => tensors.some(({ name }) => name.startsWith(`${layer}.`))
  const known = fittingNames(layers, (list) => (Object.values(list)[0] ?? []).some(holds))
  const ours = new Map<string, string>()
  for (const [layer, names] of Object.entries(known)) {
    // The first spelling that occurs in the file.
    const name = names.find(holds)
    if (name === undefined) continue
    for (const part of parts) ours.set(`${name}.${part}`, `${network}.${layer}.${part}`)
  }
  return tensors.map((tensor) => {
    const name = ours.get(tensor.name)
    if (name !== undefined) return { ...tensor, name }
    const expected = Object.values(known).map(([first = '']) => `${first}.*`)
    const place = `${tensor.name} ≠ ${expected.join(', ')}`
    throw labError('pickle-malformed', { file, problem: 'name-unexpected', place })
  })
}
