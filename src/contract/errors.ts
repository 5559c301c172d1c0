/**
 * Errors as part of the interface. Within the lab and between processes, an error is a code with parameters;
 * src/language makes the sentence from them in the user's language.
 */
import { shortened } from './shortened'

/** A list is shown with the language's sign between its entries. */
export type Value = string | number | readonly string[]

/**
 * What is wrong with a file, if the code alone does not say it. `place` then says where, in a form that needs no
 * translation: the name of a tensor or a setting, a line and column, or an offset.
 */
export type FileProblem =
  | ConfigProblem
  | FileKind
  | CheckpointProblem
  | PickleProblem
  | TorchProblem
  | ArchiveProblem
type ConfigProblem = 'not-json' | 'no-object' | 'misfit'
type FileKind = 'a-folder' | 'a-device'
type CheckpointProblem =
  | 'header-too-long'
  | 'header-not-utf8'
  | 'header-no-object'
  | 'not-json'
  | 'name-twice'
  | 'no-text-map'
  | 'entry-incomplete'
  | 'length-misfit'
  | 'overlap'
  | 'gap'
  | 'trailing-bytes'
  | 'other-kind'
  | 'misfit'
type PickleProblem =
  | 'no-npy'
  | 'cut-short'
  | 'plain-array'
  | 'no-dict'
  | 'no-array'
  | 'name-unexpected'
  | 'type-unreadable'
  | 'length-misfit'
  | 'values-shared'
  | 'operation-unknown'
  | 'operation-misfit'
type TorchProblem =
  | 'cut-short'
  | 'operation-unknown'
  | 'operation-misfit'
  | 'name-twice'
  | 'length-misfit'
  | 'encrypted'
  | 'packing-unknown'
  | 'archive-damaged'
  | 'too-many-entries'
  | 'pickle-too-long'
  | 'version-unknown'
  | 'big-endian'
  | 'storage-missing'
  | 'outside-storage'
  | 'tensor-too-large'
type ArchiveProblem =
  | 'encrypted'
  | 'packing-unknown'
  | 'longer-than-claimed'
  | 'shorter-than-claimed'
  | 'checksum-misfit'

/** What an array in a user's file is if it is not read: a kind of value, or a way of storing it. */
export type UnreadContent =
  | 'struct'
  | 'object'
  | 'sparse'
  | 'cell'
  | 'function'
  | 'complex'
  | 'compound'
  | 'reference'
  | 'list'
  | 'opaque'
  | 'odd-type'
  | 'no-values'
  | 'packed'
  | 'layout'
  | 'elsewhere'

/** What the values of pixels mean: from black to white. */
export type ValueRange = 'unit' | 'symmetric' | 'byte' | 'sixteen-bit'

/** Formats that are recognised, and not read. */
export type UnreadFormat =
  | 'pickle'
  | 'torch'
  | 'zip'
  | 'word'
  | 'excel'
  | 'powerpoint'
  | 'opendocument'
  | 'office-97'
  | 'seven-zip'
  | 'rar'
  | 'tar'
  | 'gzip'
  | 'bzip2'
  | 'xz'
  | 'zstandard'
  | 'parquet'
  | 'arrow'
  | 'tfrecord'
  | 'sqlite'

/** Every code with the parameters of its sentence. A list of values is joined with ", " beforehand. */
interface ErrorParameters {
  // Input of the user
  'unknown-command': { name: string; nearest: string }
  'unknown-option': { name: string; nearest: string }
  'missing-argument': { name: string; command: string }
  'missing-value': { option: string }
  'unexpected-argument': { text: string; command: string }
  'exclusive-options': { first: string; second: string }
  'empty-name': { option: string; value: string }
  'repeated-name': { option: string; name: string }
  'varied-setting': { name: string; option: string }
  'seeds-beyond': { seed: number; count: number; most: number }
  'unknown-preset': { name: string; nearest: string }
  'unknown-dataset': { name: string; nearest: string }
  'unknown-method': { name: string; nearest: string }
  'unknown-setting': { name: string; nearest: string }
  'unknown-class': { dataset: string; class: string; known: string; nearest: string }
  'unknown-run': { name: string; nearest: string }
  'unknown-round': { run: string; round: number; known: string }
  'missing-setting': { name: string }
  'wrong-type': { name: string; value: string; expected: string }
  'out-of-range': { name: string; value: Value; least: Value; most: Value }
  'not-one-of': { name: string; value: string; choices: string; nearest: string }
  'malformed-setting': { text: string }
  'malformed-config': { file: string; problem: ConfigProblem; place: string }
  'unequal-classes': { source: number; target: number }
  'repeated-class': { class: string; domain: string }
  'invalid-pairing': { pairing: string; classes: number }
  'classes-do-not-meet': { class: string; strange: number; nearest: string }
  'per-class-too-many': { name: string; asked: number; class: string; available: number }
  'shifts-need-images': { name: string; dataset: string }
  'unlike-samples': { source: string; target: string }
  'source-unlabelled': { dataset: string }
  'needs-labels': { name: string; dataset: string }
  'none-labelled': { dataset: string; split: string }
  'count-too-large': { domain: string; asked: number; available: number }
  'method-needs-views': { method: string }
  'views-need-images': { name: string }
  'encoder-refuses-samples': { encoder: string; takes: string; given: string; nearest: string }
  'backbone-not-exported': { network: string; format: string }
  'backbone-not-by-column': { network: string }
  'backbone-without-weights': { network: string }
  'backbone-ambiguous': { network: string; digests: readonly string[] }
  'too-few-classes': { method: string; least: number; found: number }
  'shots-too-many': { asked: number; class: string; available: number }
  'shots-leave-none': { asked: number; images: number }
  'shots-of-one': { encoder: string }
  'labels-and-shots': { shots: number; labels: number }
  'labels-not-learned': { method: string }
  'labels-leave-none': { labels: number; images: number }
  'labels-of-one': { encoder: string }
  'label-class-unknown': { class: string; known: string; nearest: string }
  'label-sample-twice': { sample: number }
  'labels-outside-target': { count: number; samples: readonly string[] }
  'batch-of-one': { name: string; batch: number; domain: string; images: number; encoder: string }
  'too-few-images': { domain: string; least: number; found: number }
  'no-such-split': { dataset: string; split: string }

  // Files of the user
  'file-not-found': { file: string }
  'empty-path': { path: string }
  'file-unreadable': { file: string; problem: FileKind }
  'file-too-large': { file: string; megabytes: number; most: number }
  'unknown-format': { file: string }
  'idx-wrong-magic': { file: string; found: string; expected: string }
  'idx-cut-short': { file: string; found: number; expected: number }
  'idx-too-long': { file: string; found: number; expected: number }
  'idx-length-mismatch': { images: number; labels: number; file: string }
  'idx-not-this-kind': { file: string; found: string }
  'idx-no-samples': { file: string }
  'sets-several': { folder: string; options: readonly string[] }
  'set-unknown': { folder: string; set: string; options: readonly string[] }
  'gzip-damaged': { file: string }
  'packed-too-densely': { file: string; ratio: number }
  'unequal-sizes': { file: string; found: string; expected: string }
  'text-encoding-unknown': { file: string }
  'table-empty': { file: string }
  'table-one-column': { file: string }
  'table-too-wide': { file: string; columns: number; most: number }
  'table-row-length': { file: string; row: number; found: number; expected: number }
  'table-quote-open': { file: string; row: number }
  'table-text-cell': { file: string; row: number; column: string; value: string }
  'table-values-missing': { file: string; count: number; row: number; column: string }
  'table-no-numbers': { file: string }
  'decimal-comma-unclear': { file: string; row: number; column: string; value: string }
  'label-column-unclear': { file: string; options: readonly string[] }
  'label-column-unknown': { file: string; column: string; options: readonly string[] }
  'npz-damaged': { file: string }
  'npz-entry-unreadable': { file: string; entry: string; problem: ArchiveProblem }
  'container-damaged': { file: string; format: string }
  'array-unread': { file: string; array: string; content: UnreadContent }
  'matlab-version-4': { file: string }
  'too-many-arrays': { file: string; most: number }
  'npz-missing-array': { file: string; array: string; found: string }
  'npz-too-many-arrays': { file: string; most: number }
  'array-header-unreadable': { file: string; array: string }
  'array-length-misfit': { file: string; array: string; found: number; expected: string }
  'array-pickled': { file: string; array: string }
  'array-type-unread': { file: string; array: string; type: string }
  'arrays-unnamed': { file: string; options: readonly string[] }
  'unknown-array': { file: string; name: string; nearest: string }
  'layout-unclear': { file: string; array: string; shape: string; options: readonly string[] }
  'layout-misfit': { file: string; array: string; shape: string; asked: string }
  'lengths-differ': { file: string; first: string; samples: number; second: string; labels: number }
  'label-unfit': { file: string; array: string; value: string; index: number; most: number }
  'too-many-texts': { file: string; array: string; found: number; most: number }
  'label-outside-names': {
    file: string
    array: string
    value: string
    index: number
    names: string
    count: number
  }
  'pixel-not-finite': { file: string; array: string; image: number; value: string }
  'range-unknown': { file: string; array: string; type: string; least: number; most: number }
  'range-differs': {
    file: string
    array: string
    least: number
    most: number
    first: string
    range: ValueRange
  }
  'format-named-unread': { file: string; kind: UnreadFormat }
  'vector-not-finite': { file: string; array: string; row: number; column: number; value: string }
  'npz-wrong-array': { file: string; array: string; found: string; expected: string }
  'image-undecodable': { file: string }
  /** `kind`: a name, or a word of src/language. */
  'image-kind-unread': { file: string; kind: string }
  'image-too-large': { file: string; width: number; height: number; most: number; side: number }
  'image-beyond-memory': { file: string; width: number; height: number; needed: string; most: string }
  'too-many-images': { folder: string; most: number }
  'link-leads-outside': { file: string; folder: string }
  'reader-died': { file: string; signal: string }
  'reading-too-long': { file: string; seconds: number }
  'reading-cancelled': { file: string }
  'class-folder-empty': { folder: string; class: string }
  'no-images': { folder: string }
  'several-domains': { folder: string; options: readonly string[]; classes: readonly string[] }
  'look-inside': { folder: string; options: readonly string[] }
  'folders-too-deep': { folder: string; most: number }
  'too-many-classes': { file: string; found: number; most: number }
  'class-name-unusable': { file: string; name: string; most: number }
  'class-names-equal': { file: string; name: string }
  'list-root-unclear': { file: string; first: string }
  'list-leads-outside': { file: string; path: string; folder: string }
  'list-files-missing': { file: string; count: number; names: readonly string[] }
  'list-line-unreadable': { file: string; line: number; text: string }
  'dataset-empty': { file: string }
  'dataset-too-large': { file: string; megabytes: number; most: number }
  'dataset-beyond-memory': { file: string; needed: string; most: string; samples: number; fit: number }
  'dataset-beyond-disk': { file: string; needed: string; free: string; path: string }
  'dataset-damaged': { file: string }
  'dataset-exists': { name: string }
  'dataset-changed': { name: string; added: number; removed: number; changed: number; files: string }
  'dataset-name-invalid': { name: string }
  'upload-name-unusable': { file: string }
  'upload-name-twice': { file: string }
  'upload-too-deep': { file: string; max: number }
  'dataset-in-trash': { name: string }
  'dataset-not-in-trash': { name: string; nearest: string }
  'images-not-imported': { folder: string }
  'download-damaged': { file: string }
  'labels-of-path': { path: string }
  'labels-columns': { file: string }
  'labels-unknown-files': { file: string; dataset: string; count: number; names: readonly string[] }
  'labels-unknown-classes': {
    file: string
    count: number
    names: readonly string[]
    /** The line of each name. */
    lines: readonly string[]
    known: readonly string[]
  }
  'labels-contradict': { file: string; count: number; names: readonly string[] }
  'label-outside-dataset': { dataset: string; sample: number; samples: number }
  'none-labelled-by-hand': { dataset: string }

  // Checkpoints and runs
  'checkpoint-newer': { file: string; found: number; supported: number }
  'checkpoint-cut-short': { file: string }
  'checkpoint-damaged': { file: string }
  'checkpoint-malformed': { file: string; problem: CheckpointProblem; place: string }
  'checkpoint-foreign': { file: string }
  'path-not-named': { origin: string; path: string; option: string }
  'path-elsewhere': { origin: string; path: string; option: string }
  'checkpoint-not-ours': { file: string }
  /** `first` and `second` are the names in the file, `tensor` is their name without wrappers. */
  'tensors-of-one-name': { file: string; first: string; second: string; tensor: string }
  'tensor-type-unreadable': { file: string; tensor: string; type: string; known: string }
  'pixels-unknown': { file: string }
  'pixels-known': { file: string; known: string; asked: string }
  'pixels-of-vectors': { file: string }
  'checkpoint-without-classifier': { file: string }
  'classes-unnamed': { file: string; count: number }
  'class-names-misfit': { file: string; count: number; found: number }
  'samples-unfit-network': { dataset: string; found: string; expected: string }
  'predictions-busy': { file: string; pid: number }
  'predictions-over-samples': { file: string }
  'predictions-exist': { file: string }
  'predictions-unfinished': { file: string }
  'predictions-differ': { file: string; setting: string }
  'predictions-format-unknown': { file: string; endings: string }
  'classes-one-folder': { first: string; second: string }
  'class-not-a-folder': { class: string }
  'sort-needs-files': { samples: string }
  'sort-inside-samples': { folder: string; samples: string }
  'sort-name-taken': { file: string }
  'no-such-sample': { dataset: string; sample: number; count: number }
  'statistics-unreadable': { file: string; dataset: string }
  'checkpoint-missing-tensor': { file: string; tensor: string }
  'checkpoint-wrong-shape': { file: string; tensor: string; found: string; expected: string }
  'tensor-not-finite': { file: string; tensor: string; value: string }
  'tensor-negative-variance': { file: string; tensor: string }
  'tensor-overflows': { file: string; tensor: string }
  'output-not-finite': { network: string }
  'pickle-forbidden': { file: string; callable: string }
  'pickle-malformed': { file: string; problem: PickleProblem; place: string }
  'pickle-torch': { file: string }
  'torch-malformed': { file: string; problem: TorchProblem; place: string }
  'torch-needs-code': { file: string; callable: string }
  'torch-whole-model': { file: string; callable: string }
  'torch-script': { file: string }
  'torch-optimiser': { file: string }
  'torch-no-weights': { file: string }
  'weights-format-unknown': { file: string }
  'backbone-unrecognised': { file: string; count: number; names: readonly string[]; known: readonly string[] }
  'backbone-not-declared': { file: string; found: string; known: readonly string[] }
  'backbone-other-network': { file: string; found: string; expected: string }
  'backbone-tensors-missing': { file: string; network: string; count: number; names: readonly string[] }
  'backbone-tensors-extra': { file: string; network: string; count: number; names: readonly string[] }
  'backbone-shapes-differ': { file: string; network: string; count: number; tensors: readonly string[] }
  'backbone-damaged': { file: string; network: string; digest: string }
  'backbone-missing': { network: string; digest: string }
  'labels-locked': { dataset: string; pid: number }
  'run-locked': { run: string; pid: number }
  'run-file-missing': { run: string; file: string }
  'run-file-broken': { run: string; file: string }
  'run-file-newer': { run: string; file: string; found: number; supported: number }
  'run-file-misfit': { run: string; file: string; setting: string }
  'run-lines-unreadable': { run: string; file: string; count: number; lines: string }
  'checkpoint-empty': { file: string }
  'runs-differ': { first: string; second: string; setting: string }
  'tasks-differ': { first: string; second: string; setting: string }
  'seeds-differ': { first: string; second: string }
  'run-unfinished': { run: string }
  'run-running': { run: string }
  'unknown-series': { id: string }
  'nothing-to-resume': { run: string }
  'not-in-trash': { name: string; nearest: string }
  'deletes-for-good': { what: string }
  'already-there': { path: string }
  'no-permission': { path: string }
  'not-a-folder': { path: string }
  'not-a-file': { path: string }
  'disk-full': { path: string }
  'name-too-long': { path: string }
  'links-in-a-circle': { path: string }
  'path-with-nul': { path: string }
  'too-many-open-files': { limit: 'program' | 'system' }
  'device-failed': { path: string; problem: string }
  'system-refused': { problem: string }
  'output-unwritable': { problem: string }
  'not-enough-space': { needed: string; free: string; path: string }

  // Training and its processes
  'loss-not-finite': { term: string; round: number; step: number }
  'source-loss-not-finite': { epoch: number; step: number }
  'worker-died': { worker: string; signal: string }
  'native-missing': { problem: string }
  'not-running': { run: string }
  'port-taken': { port: number }
  'port-not-allowed': { port: number }

  // Why a training step cannot become a graph; it then runs eagerly
  'step-reads-value': { step: string; tensor: string }
  'step-op-unsupported': { step: string; op: string }
  'step-attribute-unknown': { step: string; op: string; attribute: string }
  'step-constant-too-large': { step: string; shape: string; bytes: number; most: number }
  'step-not-repeatable': { step: string; op: string }
  'step-variable-unlisted': { step: string; variable: string }
  'step-wrong-input': { step: string; input: string; found: string; expected: string }
  'graph-refused': { problem: string }
  'graph-differs': { step: string; output: string; eager: number; graph: number }

  // Defects
  /** A tensor whose layout no network declares cannot be converted between TensorFlow and PyTorch. */
  'layout-unknown': { tensor: string }
  'contract-violation': { where: string; problem: string }
  unexpected: { problem: string }
}

export type ErrorCode = keyof ErrorParameters
export type ParametersOf<C extends ErrorCode> = ErrorParameters[C]

/** An error as it is sent between processes. */
export interface ErrorMessage {
  readonly code: ErrorCode
  readonly params: Readonly<Record<string, Value>>
}

/** An error that a person can act on. Any other error is a defect and becomes `unexpected`. */
export class LabError<C extends ErrorCode = ErrorCode> extends Error {
  constructor(
    readonly code: C,
    readonly params: ParametersOf<C>,
  ) {
    super(`${code} ${JSON.stringify(params)}`)
    this.name = 'LabError'
  }
}

/** Constructs an error; the type checker matches the parameters to the code. */
export function labError<C extends ErrorCode>(code: C, params: ParametersOf<C>): LabError<C> {
  return new LabError(code, params)
}

/** Node's error for a failed system call. */
interface SystemError extends Error {
  readonly code: string
  readonly path?: string
  /** The name of the call; absent from errors of Node itself. */
  readonly syscall?: string
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/** Node's message for a path with a null byte, at which the system would cut it off. */
const ofNul = /without null bytes. Received (.*)$/s

/** Number of characters shown of an over-long path. */
const maxOfPath = 200

/**
 * Translates an error of the system into a code of the lab: no permission, a full disk, a missing file. Any other
 * failed system call becomes `system-refused`. Null for errors that do not come from the system.
 * @param known the path for the sentence, if the error has none or not the one that the user gave
 */
export function systemMessage(error: unknown, known?: string): ErrorMessage | null {
  if (!isSystemError(error)) return null
  if (error.code === 'EMFILE') return { code: 'too-many-open-files', params: { limit: 'program' } }
  if (error.code === 'ENFILE') return { code: 'too-many-open-files', params: { limit: 'system' } }
  const nul = ofNul.exec(error.message)?.[1]
  const path = known ?? error.path ?? nul ?? ''
  if (error.code === 'ENOENT' && path === '') return pathMessage('empty-path', path)
  const message = nul === undefined ? messageFor(error.code, path) : pathMessage('path-with-nul', path)
  // An error of a write has no path, and a sentence about "" would be useless.
  if (message !== null && path !== '') return message
  return message !== null || isRefusedCall(error)
    ? { code: 'system-refused', params: { problem: error.message } }
    : null
}

/** Node's own errors may name a system call too; their codes begin with ERR_. */
function isRefusedCall({ code, syscall }: SystemError): boolean {
  return syscall !== undefined && !code.startsWith('ERR_')
}

const pathMessage = (code: ErrorCode, path: string): ErrorMessage => ({ code, params: { path } })

function messageFor(code: string, path: string): ErrorMessage | null {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return pathMessage('no-permission', path)
    case 'ENOSPC':
    case 'EDQUOT':
    // A limit on file size, as set by `ulimit -f`, is a quota too.
    case 'EFBIG':
      return pathMessage('disk-full', path)
    case 'ENOTDIR':
      return pathMessage('not-a-folder', path)
    case 'EISDIR':
      return pathMessage('not-a-file', path)
    case 'EEXIST':
    case 'ENOTEMPTY':
      return pathMessage('already-there', path)
    case 'ENAMETOOLONG':
      return pathMessage('name-too-long', shortened(path, maxOfPath))
    case 'ELOOP':
      return pathMessage('links-in-a-circle', path)
    case 'ENOENT':
      return { code: 'file-not-found', params: { file: path } }
    // A failing or disconnected disk, a lost network drive, or a file locked by another program.
    case 'EIO':
    case 'ENXIO':
    case 'ENODEV':
    case 'ESTALE':
    case 'EBUSY':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
      return { code: 'device-failed', params: { path, problem: code } }
    default:
      return null
  }
}

/** Codes of defects: errors of the lab itself, which no user can act on. Their details are logged. */
export const defects: readonly string[] = ['unexpected', 'contract-violation']

/** Any thrown value as an error message that can be sent between processes. */
export function toErrorMessage(error: unknown): ErrorMessage {
  if (error instanceof LabError) {
    const { code, params } = error as LabError
    return { code, params: { ...params } }
  }
  return (
    systemMessage(error) ?? {
      code: 'unexpected',
      params: { problem: error instanceof Error ? error.message : String(error) },
    }
  )
}

/** Restores the error on the receiving side. */
export function fromErrorMessage(message: ErrorMessage): LabError {
  return new LabError(message.code, message.params as never)
}
