/**
 * The recipe's checkpoints: MS.npy, C.npy, MT.npy and D.npy, each a dict of arrays in PyTorch's layout, under the
 * names of its modules. The article does not give these names; all names listed here are read, and the first of each
 * list is written. They are declared with each encoder (src/networks). Two things go beyond the recipe: a separate target
 * classifier is CT.npy, and layers that the article does not have keep our names. `fc1` is the linear layer of a LeNet in
 * a file with `encoder.0`, and the first layer of `mlp` in one without.
 */
import { promises as fs } from 'fs'
import { basename, dirname, extname, join } from 'path'
import { labError } from '../contract/errors'
import { writeAtomic, writeFolder } from '../files/atomic'
import { readBytes } from './checkpoint'
import { fileError } from '../files/file-error'
import { discriminatorInRecipe } from '../networks/discriminator'
import type { RecipeNames } from '../networks/encoder'
import { encoders } from '../networks/registry'
import { decodeNpyDict, encodeNpyDict } from './npy'
import type { NamedTensor } from './safetensors'

const parts = ['weight', 'bias', 'running_mean', 'running_var']

/** The first list of names that fits the layers in a file is used. */
const encoderNames = encoders.map(({ recipe }) => recipe.encoder)
const classifierNames = encoders.map(({ recipe }) => recipe.classifier)

const recipeFiles: Readonly<Record<string, { network: string; layers: readonly RecipeNames[] }>> = {
  MS: { network: 'source_encoder', layers: encoderNames },
  C: { network: 'classifier', layers: classifierNames },
  MT: { network: 'target_encoder', layers: encoderNames },
  CT: { network: 'target_classifier', layers: classifierNames },
  D: { network: 'discriminator', layers: [discriminatorInRecipe] },
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
    const names = layers.find((list) => ofNetwork.every(({ name }) => partsOf(name).layer in list)) ?? {}
    const own = ofNetwork.flatMap((tensor) => {
      const { layer, part } = partsOf(tensor.name)
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

/** "target_encoder.layer1.0.conv1.weight": the layer is "layer1.0.conv1". */
function partsOf(name: string): { layer: string; part: string } {
  const last = name.lastIndexOf('.')
  return { layer: name.slice(name.indexOf('.') + 1, Math.max(0, last)), part: name.slice(last + 1) }
}

/**
 * The list that has all layers of a file; else the first that has the name of its own first layer, and else the first of
 * all, which names what is expected.
 */
function namesFitting(lists: readonly RecipeNames[], tensors: readonly NamedTensor[]): RecipeNames {
  const holds = (layer: string) => tensors.some(({ name }) => name.startsWith(`${layer}.`))
  const hasAll = (list: RecipeNames) => {
    const known = Object.values(list).flat()
    return tensors.every(({ name }) => known.includes(name.slice(0, Math.max(0, name.lastIndexOf('.')))))
  }
  const hasFirst = (list: RecipeNames) => (Object.values(list)[0] ?? []).some(holds)
  return lists.find(hasAll) ?? lists.find(hasFirst) ?? lists[0] ?? {}
}

function toOurNames(id: string, tensors: readonly NamedTensor[], file: string): NamedTensor[] {
  const { network, layers } = recipeFiles[id] ?? { network: id, layers: [] }
  const holds = (layer: string) => tensors.some(({ name }) => name.startsWith(`${layer}.`))
  const known = namesFitting(layers, tensors)
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
