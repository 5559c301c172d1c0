/** The datasets distributed with the lab: four IDX files each, with known digests. */
import { createHash } from 'crypto'
import { promises as fs } from 'fs'
import { join } from 'path'
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/dataset'
import { equalImages, type ImageTable } from './dataset'
import { gunzip, readWhole } from './file'
import { decodeIdxPair, type IdxImages } from './codecs/idx'
import { countSplits } from './partition'
import { totals } from './summary'

/** A file's name and the digest of the file as stored. */
type KnownFile = readonly [name: string, digest: string]

interface KnownPair {
  readonly images: KnownFile
  readonly labels: KnownFile
  /** Images by class. */
  readonly counts: readonly number[]
}

export interface BuiltIn {
  readonly id: string
  readonly title: string
  readonly licence: string
  /** Both width and height. */
  readonly size: number
  readonly digest: 'md5' | 'sha256'
  folder(): string
  readonly train: KnownPair
  readonly test: KnownPair
}

/** Files whose digest this process has verified, by path, size and modification time. */
const verified = new Set<string>()

/** The unpacked bytes of a file. Throws `download-damaged` if its digest is not the known one. */
async function readKnown(set: BuiltIn, [name, digest]: KnownFile): Promise<{ bytes: Buffer; file: string }> {
  const file = join(set.folder(), name)
  const bytes = await readWhole(file)
  const { size, mtimeMs } = await fs.stat(file)
  const identity = `${file} ${size} ${mtimeMs}`
  if (!verified.has(identity)) {
    if (createHash(set.digest).update(bytes).digest('hex') !== digest) {
      throw labError('download-damaged', { file })
    }
    verified.add(identity)
  }
  return { bytes: name.endsWith('.gz') ? await gunzip(bytes, file) : bytes, file }
}

async function readPair(set: BuiltIn, pair: KnownPair): Promise<IdxImages> {
  const [images, labels] = await Promise.all([readKnown(set, pair.images), readKnown(set, pair.labels)])
  return decodeIdxPair(images, labels)
}

export async function readBuiltIn(set: BuiltIn): Promise<ImageTable> {
  const [train, test] = await Promise.all([readPair(set, set.train), readPair(set, set.test)])
  return equalImages({ width: set.size, height: set.size, channels: 1, train, test })
}

/** The summary of a built-in dataset; its files are not read. */
export function summariseBuiltIn(set: BuiltIn): DatasetSummary {
  const classCounts = countSplits(set.train.counts, set.test.counts)
  return {
    id: set.id,
    title: set.title,
    path: null,
    kind: 'image',
    width: set.size,
    height: set.size,
    channels: 1,
    length: null,
    classNames: set.train.counts.map((_, label) => String(label)),
    counts: totals(classCounts),
    classCounts,
    licence: set.licence,
    reduced: 0,
    notes: [],
    from: null,
  }
}
