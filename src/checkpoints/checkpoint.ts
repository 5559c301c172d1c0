/**
 * A checkpoint is one self-contained safetensors file. It holds the networks of one round, in PyTorch's names and
 * layouts, and metadata: the whole experiment, the round and its measures.
 */
import { dirname } from 'path'
import { factsByName, namesInRecord, newerSchema, recordSchema, type Names } from '../contract/earlier'
import { labError } from '../contract/errors'
import { checkpointFactsSchema, type CheckpointFacts } from '../contract/record'
import { writeAtomic } from '../files/atomic'
import { fileError, hasCode } from '../files/file-error'
import { readBounded } from '../files/read'
import { decodeForeign, type ForeignWeights } from './foreign'
import type { AddedNetwork } from '../networks/added'
import type { NamedShape } from './recognise'
import { decodeTensors, type Entry, type NamedTensor, type StoredTensor } from './safetensors'
import { seal, unseal } from './sealed'
import type { Shapes } from './shapes'
import { requireUsable } from './usable-weights'
import { pathOfIssue } from '../contract/issue'
import { recordPath } from './run-folder'

export interface Checkpoint extends Pick<ForeignWeights, 'passedOver' | 'removed'> {
  /** null for a file written by another program. */
  readonly facts: CheckpointFacts | null
  /** In our names and PyTorch's layouts; of a foreign file, only those that a network of the lab needs. */
  readonly tensors: readonly StoredTensor[]
  /** All tensors as the file names them, without values. */
  readonly entries: readonly Pick<Entry, 'name' | 'shape' | 'dtype'>[]
  /** `verified`: the digests match; `foreign`: a safetensors file of another program, which has no digests. */
  readonly origin: 'verified' | 'foreign'
}

/**
 * Writes a checkpoint atomically; `tensors` are in PyTorch's layout. Equal facts and tensors give equal bytes: the facts
 * are written in the order of the schema, as they are after a checkpoint was read.
 * @throws `no-permission`, `disk-full`
 */
export function writeCheckpoint(
  path: string,
  facts: CheckpointFacts,
  tensors: readonly NamedTensor[],
): Promise<void> {
  const ordered = checkpointFactsSchema.parse(facts)
  return writeAtomic(path, seal({ kind: 'checkpoint', facts: ordered, tensors }))
}

/**
 * Reads a checkpoint and checks that its weights can be computed with.
 * @throws what `inspectCheckpoint` and `requireUsable` throw
 */
export async function readCheckpoint(path: string, added: readonly AddedNetwork[] = []): Promise<Checkpoint> {
  const checkpoint = await inspectCheckpoint(path, added)
  requireUsable(checkpoint.tensors, path, added)
  return checkpoint
}

/**
 * Reads a checkpoint without checking the values of its tensors.
 * @throws `file-not-found`, `no-permission`, `file-unreadable`, and what `decodeCheckpoint` throws
 */
export async function inspectCheckpoint(
  path: string,
  added: readonly AddedNetwork[] = [],
): Promise<Checkpoint> {
  return decodeCheckpoint(await readBytes(path), path, added, await namesBeside(path))
}

/** The names of the classes in the record of the run whose folder holds the checkpoint; none if there is no such run. */
async function namesBeside(path: string): Promise<Names> {
  try {
    const bytes = await readBounded(recordPath(dirname(dirname(path))), maxRecordBytes)
    return namesInRecord(JSON.parse(bytes.toString('utf8')))
  } catch {
    return {}
  }
}

/**
 * @param added networks that methods declare; a file of another program may hold them too
 * @param names those of the classes, for a checkpoint of an earlier version
 * @throws `checkpoint-cut-short`, `checkpoint-malformed`, `checkpoint-newer`, `checkpoint-damaged`, and what
 * `decodeForeign` throws
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  file: string,
  added: readonly AddedNetwork[] = [],
  names: Names = {},
): Checkpoint {
  const { seal, header } = unseal(bytes, file)
  const { entries } = header
  if (seal === null)
    return { facts: null, entries, origin: 'foreign', ...decodeForeign(bytes, header, file, added) }
  if (seal.kind !== 'checkpoint') {
    throw labError('checkpoint-malformed', { file, problem: 'other-kind', place: seal.kind.slice(0, 20) })
  }
  const found = newerSchema(seal.facts)
  if (found !== null) throw labError('checkpoint-newer', { file, found, supported: recordSchema })
  const facts = checkpointFactsSchema.safeParse(factsByName(seal.facts, names))
  if (!facts.success) {
    throw labError('checkpoint-malformed', { file, problem: 'misfit', place: pathOfIssue(facts.error) })
  }
  const tensors = decodeTensors(bytes, header, file)
  return { facts: facts.data, tensors, entries, origin: 'verified', passedOver: [], removed: [] }
}

/**
 * Checks that all tensors of a network are present with the right shapes; other tensors are ignored.
 * @throws `checkpoint-missing-tensor`, `checkpoint-wrong-shape`
 */
export function checkTensors(tensors: readonly NamedShape[], expected: Shapes, file: string): void {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]))
  for (const [tensor, shape] of Object.entries(expected)) {
    const found = shapes.get(tensor)
    if (found === undefined) throw labError('checkpoint-missing-tensor', { file, tensor })
    if (describeShape(found) !== describeShape(shape)) {
      const problem = { found: describeShape(found), expected: describeShape(shape) }
      throw labError('checkpoint-wrong-shape', { file, tensor, ...problem })
    }
  }
}

/** Far more than a run.json takes. */
const maxRecordBytes = 2 ** 22

/**
 * A checkpoint of the LeNets takes about 16 MB, one of `convnet-32` with the state of Adam up to 640 MB; half-precision
 * tensors take twice their size in memory.
 */
const maxBytes = 2 ** 30

/**
 * The bytes of a file chosen by the user.
 * @throws `file-not-found`, `no-permission`, `file-unreadable`, `file-too-large`
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readBounded(path, maxBytes)
  } catch (problem) {
    if (hasCode(problem, 'EISDIR')) throw labError('file-unreadable', { file: path, problem: 'a-folder' })
    throw fileError(problem, path)
  }
}

function describeShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}
