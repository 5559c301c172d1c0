/**
 * The weights of backbones on this machine: those that the user brought, in `backbones` of the data folder as
 * `<digest>.safetensors`, and those that come with the lab.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { labError, LabError } from '../contract/errors'
import { shortened } from '../contract/shortened'
import { makeFolder, writeAtomic } from '../files/atomic'
import { exists } from '../files/exists'
import { fileError } from '../files/file-error'
import { namesIn } from '../files/folder'
import { readBounded } from '../files/read'
import type { Backbone } from '../networks/backbone'
import { backboneDigest } from './backbone-digest'
import { peekHeader } from './peek'
import { backboneKey, encodeBackbone, type BroughtWeights } from './read-backbone'
import { shapesOfBackbone } from './recognise-backbone'
import { decodeSafetensors, maxShown, metadataName, type NamedTensor } from './safetensors'

/** Two folders; neither needs to exist. */
export interface BackboneStore {
  /** In the data folder. */
  readonly brought: string
  /** Of the program. */
  readonly bundled: string
}

/** What is said of a backbone that is used: its declaration, or as much of it. */
type Named = Pick<Backbone, 'id' | 'title' | 'weights'>

export interface StoredWeights {
  readonly digest: string
  readonly bytes: number
  /** Whether they come with the lab. */
  readonly isBundled: boolean
}

const ending = '.safetensors'
const isDigest = (text: string) => /^[0-9a-f]{64}$/.test(text)

/**
 * The file with the weights of a backbone; its content is checked when it is read.
 * @throws `backbone-missing`
 */
export async function backboneFile(store: BackboneStore, backbone: Named, digest: string): Promise<string> {
  const path = await placeOf(store, backbone, digest)
  if (path !== null) return path
  throw labError('backbone-missing', { network: backbone.title, digest: shortened(digest, maxShown) })
}

/** A digest may come from a file of a stranger, so it is no part of a path before it was checked. */
async function placeOf(store: BackboneStore, { id, weights }: Named, digest: string): Promise<string | null> {
  if (!isDigest(digest)) return null
  const brought = join(store.brought, digest + ending)
  if (await exists(brought)) return brought
  const bundled = join(store.bundled, id + ending)
  return weights === digest && (await exists(bundled)) ? bundled : null
}

/**
 * The weights of a backbone under their declared names, in PyTorch's layout.
 * @throws `backbone-missing`; `backbone-damaged`: names, shapes or digest do not fit
 */
export async function readBackbone(
  store: BackboneStore,
  backbone: Backbone,
  digest: string,
): Promise<readonly NamedTensor[]> {
  const file = await backboneFile(store, backbone, digest)
  const tensors = await tensorsIn(file)
  if (tensors !== null && hasShapes(tensors, backbone) && backboneDigest(tensors) === digest) return tensors
  throw labError('backbone-damaged', { file, network: backbone.title, digest })
}

/** Null for what is no safetensors file any more. */
async function tensorsIn(file: string): Promise<readonly NamedTensor[] | null> {
  const bytes = await readBounded(file, maxBytes).catch((problem: unknown) => {
    throw fileError(problem, file)
  })
  try {
    return decodeSafetensors(bytes, file).tensors
  } catch (error) {
    if (error instanceof LabError) return null
    throw error
  }
}

function hasShapes(tensors: readonly NamedTensor[], backbone: Backbone): boolean {
  const shapes = shapesOfBackbone(backbone)
  return (
    tensors.length === shapes.size &&
    tensors.every(({ name, shape }) => shape.join() === shapes.get(name)?.join())
  )
}

/** The weights of the largest declared network have 94 MB. */
const maxBytes = 2 ** 28

/**
 * Keeps weights that the user brought; `isNew`: they were not there.
 * @throws `no-permission`, `disk-full`
 */
export async function keepBackbone(
  store: BackboneStore,
  brought: BroughtWeights,
): Promise<{ path: string; isNew: boolean }> {
  const { backbone, digest } = brought
  const known = await readBackbone(store, backbone, digest).catch(() => null)
  if (known !== null) return { path: await backboneFile(store, backbone, digest), isNew: false }
  await makeFolder(store.brought)
  const path = join(store.brought, digest + ending)
  await writeAtomic(path, encodeBackbone(brought))
  return { path, isNew: true }
}

export interface KeptBackbones {
  /** By the backbone's id. */
  readonly weights: ReadonlyMap<string, readonly StoredWeights[]>
  /** Files of the folder that name no declared backbone. */
  readonly unreadable: readonly string[]
}

/** What is there, by the names and headers of the files. */
export async function listBackbones(
  store: BackboneStore,
  backbones: readonly Backbone[],
): Promise<KeptBackbones> {
  const weights = new Map<string, StoredWeights[]>(backbones.map(({ id }) => [id, []]))
  for (const { id, weights: digest } of backbones) {
    const path = join(store.bundled, id + ending)
    if (digest !== null && (await exists(path)))
      weights.get(id)?.push({ digest, bytes: await bytesOf(path), isBundled: true })
  }
  const unreadable: string[] = []
  for (const name of await filesIn(store.brought)) {
    const path = join(store.brought, name)
    const digest = name.slice(0, -ending.length)
    const list = weights.get(isDigest(digest) ? await backboneIn(path) : '')
    if (list === undefined) unreadable.push(path)
    else list.push({ digest, bytes: await bytesOf(path), isBundled: false })
  }
  return { weights, unreadable }
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder)
  return names.filter((name) => name.endsWith(ending) && !name.startsWith('.')).sort()
}

async function bytesOf(path: string): Promise<number> {
  return (await fs.stat(path)).size
}

/** The id in the metadata of a kept file; empty if there is none. */
async function backboneIn(path: string): Promise<string> {
  const header = (await peekHeader(path).catch(() => null)) ?? '{}'
  try {
    const members = JSON.parse(header) as Readonly<
      Record<string, Readonly<Record<string, unknown>> | undefined>
    >
    const id = members[metadataName]?.[backboneKey]
    return typeof id === 'string' ? id : ''
  } catch {
    return ''
  }
}
