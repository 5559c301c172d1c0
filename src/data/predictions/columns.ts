/** The columns of written predictions. */

export interface ColumnOptions {
  readonly classes: readonly string[]
  /** Whether each class has a column. */
  readonly probabilities: boolean
  /** Number of most probable classes in each row. */
  readonly top: number
  /** Whether the samples are files; else they are rows of arrays. */
  readonly areFiles: boolean
  /** Whether a sample may be undecodable. */
  readonly mayFail: boolean
}

export type Cell = string | number | null

/** A row's cells, in the order of the columns. */
export type Row = readonly Cell[]

/** Finished rows, of which a file in another format is made. */
export interface RowsSource {
  readonly count: number
  readonly columns: readonly string[]
  readonly classes: readonly string[]
  /** The rows from the first one, some at a time. */
  batches(): AsyncIterable<readonly Row[]>
}

/** `prediction`, then `prediction_2` and so on. */
const numbered = (name: string, rank: number): string => (rank === 0 ? name : `${name}_${rank + 1}`)

const ranks = (top: number): number[] => Array.from({ length: top }, (_, rank) => rank)

/**
 * `file` or `row`; `prediction` and `probability` for each rank; `p_` and the name of each class; `error`.
 */
export function columnsOf(options: ColumnOptions): string[] {
  const { classes, probabilities, top, areFiles, mayFail } = options
  return [
    areFiles ? 'file' : 'row',
    ...ranks(top).flatMap((rank) => [numbered('prediction', rank), numbered('probability', rank)]),
    ...(probabilities ? classes.map((name) => `p_${name}`) : []),
    ...(mayFail ? ['error'] : []),
  ]
}

/** A float32 with the nine digits that determine it. */
const digits = (share: number): number => Number(share.toPrecision(9))

/** The classes from the most to the least probable, the predicted one first; of equal ones, the earlier first. */
function ranked(shares: Float32Array, prediction: number): number[] {
  const others = Array.from(shares.keys()).filter((index) => index !== prediction)
  return [prediction, ...others.sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b)]
}

/** @param shares probabilities by class */
export function rowOf(
  name: string | number,
  prediction: number,
  shares: Float32Array,
  { classes, probabilities, top, mayFail }: ColumnOptions,
): Row {
  const order = top === 1 ? [prediction] : ranked(shares, prediction).slice(0, top)
  return [
    name,
    ...order.flatMap((index) => [classes[index] ?? '', digits(shares[index] ?? 0)]),
    ...(probabilities ? Array.from(shares, digits) : []),
    ...(mayFail ? [null] : []),
  ]
}

/** The row of a sample that could not be decoded: nothing but its name and the code of the error. */
export function failedRow(name: string | number, error: string, options: ColumnOptions): Row {
  return [
    name,
    ...columnsOf(options)
      .slice(2)
      .map(() => null),
    error,
  ]
}
