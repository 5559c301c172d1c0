/**
 * A safetensors file with a description and digests that reveal damage. Digests do not prove who wrote the file: a
 * program that changes a value can compute them again. `__metadata__` holds:
 *
 *   dalab.kind, dalab.schema   kind of file, and version of this metadata
 *   dalab.facts                JSON
 *   dalab.data-sha256          of the data section
 *   dalab.header-sha256        of the header's bytes, with this value replaced by 64 spaces
 */
import { createHash } from 'crypto'
import { labError } from '../contract/errors'
import { bytesOf, decodeHeader, encodeHeader, partsOf, type Header, type NamedTensor } from './safetensors'

/** The schema version that this version of the lab writes, and the newest that it can read. */
const schema = 1
const blank = ' '.repeat(64)
export const prefix = 'dalab.'

export type SealedKind = 'checkpoint' | 'pause' | 'features'

export interface Sealed {
  readonly kind: SealedKind
  /** Any JSON value. */
  readonly facts: unknown
  readonly tensors: readonly NamedTensor[]
}

export interface Unsealed {
  /** null for a safetensors file of another program, which has neither facts nor digests. */
  readonly seal: { readonly kind: string; readonly facts: unknown } | null
  /** Validated; the tensors can be decoded. */
  readonly header: Header
}

/** The parts of the file; joining them would hold the weights in memory twice. */
export function seal({ kind, facts, tensors }: Sealed): Uint8Array[] {
  const header = encodeHeader(tensors, {
    // PyTorch's own tools write this, and some of them require it.
    format: 'pt',
    [`${prefix}kind`]: kind,
    [`${prefix}schema`]: String(schema),
    [`${prefix}facts`]: JSON.stringify(facts),
    [`${prefix}data-sha256`]: sha256(...tensors.map(bytesOf)),
    [`${prefix}header-sha256`]: blank,
  })
  return partsOf(header.replace(blank, sha256(Buffer.from(header))), tensors)
}

/**
 * @throws `checkpoint-cut-short`, `checkpoint-malformed`, `checkpoint-newer`, `checkpoint-damaged` (a digest does not
 * match)
 */
export function unseal(bytes: Uint8Array, file: string): Unsealed {
  const header = decodeHeader(bytes, file)
  const ours = Object.keys(header.metadata).some((key) => key.startsWith(prefix))
  if (ours) verify(bytes, header, file)
  return {
    seal: ours ? { kind: header.metadata[`${prefix}kind`] ?? '', facts: factsOf(header, file) } : null,
    header,
  }
}

/** A newer schema is reported first: its digests may be computed differently. */
function verify(bytes: Uint8Array, { metadata, text, dataStart }: Header, file: string): void {
  const found = Number(metadata[`${prefix}schema`])
  if (Number.isInteger(found) && found > schema) {
    throw labError('checkpoint-newer', { file, found, supported: schema })
  }
  const headerDigest = metadata[`${prefix}header-sha256`] ?? ''
  const fits =
    found === schema &&
    headerDigest.length === blank.length &&
    sha256(Buffer.from(text.replace(headerDigest, blank))) === headerDigest &&
    sha256(bytes.subarray(dataStart)) === metadata[`${prefix}data-sha256`]
  if (!fits) throw labError('checkpoint-damaged', { file })
}

function factsOf({ metadata }: Header, file: string): unknown {
  try {
    return JSON.parse(metadata[`${prefix}facts`] ?? '') as unknown
  } catch {
    throw labError('checkpoint-malformed', { file, problem: 'not-json', place: `${prefix}facts` })
  }
}

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
