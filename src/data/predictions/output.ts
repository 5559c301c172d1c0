/**
 * The file of rows that predictions are appended to. Beside it lies `<file>.unfinished.json` with what the rows were
 * computed by, as long as rows are missing: a call that goes on adds no rows of another kind.
 */
import { promises as fs } from 'fs'
import { basename, dirname, join } from 'path'
import { z } from 'zod'
import { labError } from '../../contract/errors'
import { exists } from '../../files/exists'
import { fileError, isMissing, knownAs } from '../../files/file-error'
import { writeJson } from '../../files/atomic'
import { acquireLockAt } from '../../files/lock'
import { readBounded } from '../../files/read'
import type { Row } from './columns'
import type { Lines } from './lines'
import { writtenLines } from './written-lines'

const planSchema = z.strictObject({
  /** Digest of the checkpoint file. */
  checkpoint: z.string(),
  encoder: z.string(),
  /** The dataset or path. */
  samples: z.string(),
  temperature: z.number(),
  columns: z.array(z.string()),
  /** The names that the classes have in the rows. */
  classes: z.array(z.string()),
  /** How pixels are scaled for the networks of another program. */
  pixels: z.string(),
  /** How the path was read. */
  choices: z.unknown(),
})
/** What determines the rows. */
export type Plan = z.infer<typeof planSchema>

export const planFile = (rows: string): string => `${rows}.unfinished.json`
const maxPlanBytes = 2 ** 22

export interface Output {
  /** Whether the rows were found without a plan, so that nothing says which call wrote them. */
  readonly isFinished: boolean
  /** Appends rows; on failure the file ends with the last complete row before them. */
  add(rows: readonly Row[]): Promise<void>
  /** Syncs and closes the file, which counts as finished once `removePlan` is called. */
  finish(): Promise<void>
  close(): Promise<void>
}

export interface OutputOrder {
  /** The file that the rows are written to. */
  readonly rows: string
  /** The file that the user named: the same one, or one that is made of the rows at the end. */
  readonly out: string
  readonly lines: Lines
  readonly existing: 'refuse' | 'replace' | 'continue'
}

export const outputLock = (out: string): string => join(dirname(out), `.${basename(out)}.lock`)

/**
 * Does `work`, which writes `out`, unless another process is writing it: both would append the same rows.
 * @throws `predictions-busy`, `file-not-found` for the folder, and what `work` throws
 */
export async function writingAlone<T>(out: string, work: () => Promise<T>): Promise<T> {
  const folder = dirname(out)
  if (!(await exists(folder))) throw labError('file-not-found', { file: folder })
  const refusal = (pid: number) => labError('predictions-busy', { file: out, pid })
  const release = await acquireLockAt(outputLock(out), refusal).catch((problem: unknown) => {
    throw knownAs(problem, outputLock(out), out)
  })
  try {
    return await work()
  } finally {
    await release()
  }
}

/** Null if the rows are finished or there are none. */
async function readPlan(rows: string): Promise<Plan | null> {
  const file = planFile(rows)
  try {
    const plan = planSchema.safeParse(JSON.parse((await readBounded(file, maxPlanBytes)).toString('utf8')))
    if (plan.success) return plan.data
  } catch (problem) {
    if (isMissing(problem)) return null
  }
  throw labError('predictions-differ', { file: rows, setting: file })
}

/** Throws `predictions-exist`, `predictions-unfinished` if something is there that must not be replaced. */
export async function refuseExisting({ rows, out, existing }: OutputOrder): Promise<void> {
  if (existing === 'replace') return
  const isBegun = await exists(planFile(rows))
  if (existing === 'refuse' && isBegun) throw labError('predictions-unfinished', { file: out })
  // Finished rows in the file itself may be gone on with; a file that was made of rows holds nothing to go on with.
  const isRefused = existing === 'refuse' || (rows !== out && !isBegun)
  if (isRefused && (await exists(out))) throw labError('predictions-exist', { file: out })
}

/** Throws `predictions-differ` with the first setting in which the plans differ. */
function requireEqual(found: Plan, asked: Plan, file: string): void {
  for (const setting of Object.keys(planSchema.shape) as (keyof Plan)[]) {
    if (JSON.stringify(found[setting]) !== JSON.stringify(asked[setting])) {
      throw labError('predictions-differ', { file, setting })
    }
  }
}

/**
 * Opens the file of rows.
 * @param check called with each row that an interrupted call had written, in order
 * @throws `predictions-differ` if a call goes on with rows of another kind; what writing throws
 */
export async function openOutput(
  { rows: file, out, lines, existing }: OutputOrder,
  plan: Plan,
  check: (row: Row, index: number) => void,
): Promise<Output> {
  const begun = existing === 'continue' ? await readPlan(file) : null
  if (begun !== null) requireEqual(begun, plan, file)
  const size = await sizeOf(file)
  const isFinished = existing === 'continue' && begun === null && file === out && size > 0
  const head = lines.head(plan.columns)
  const goesOn = isFinished || (begun !== null && size > 0)
  const kept = goesOn ? await keptOf(file, lines, plan.columns, check) : 0
  // Without a plan nothing was cut off: this is not a file of rows.
  if (isFinished && kept < size) throw labError('predictions-differ', { file, setting: 'columns' })
  try {
    // Rows of another call never lie beside this plan, not even if this call is killed now.
    if (!goesOn && size > 0) await fs.truncate(file)
    if (!isFinished) await writeJson(planFile(file), plan)
    const handle = await fs.open(file, 'a')
    await handle.truncate(kept)
    const appending = appendingTo(handle, file, kept, kept === 0 ? head : '', {
      lines,
      columns: plan.columns,
    })
    return { ...appending, isFinished }
  } catch (problem) {
    throw knownAs(fileError(problem, file), planFile(file), out)
  }
}

/** 0 if there is no file. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await fs.stat(file)).size
  } catch (problem) {
    if (isMissing(problem)) return 0
    throw fileError(problem, file)
  }
}

export async function removePlan(rows: string): Promise<void> {
  await fs.unlink(planFile(rows)).catch(() => undefined)
}

/** Bytes of the file up to its last complete row. */
async function keptOf(
  file: string,
  lines: Lines,
  columns: readonly string[],
  check: (row: Row, index: number) => void,
): Promise<number> {
  const head = lines.head(columns)
  let [kept, index] = [0, head === '' ? 0 : -1]
  for await (const { text, end } of writtenLines(file, lines.quotes)) {
    if (index < 0 && `${text}\n` !== head) throw labError('predictions-differ', { file, setting: 'columns' })
    if (index >= 0) {
      const row = lines.read(text, columns)
      if (row === null) throw labError('predictions-differ', { file, setting: 'columns' })
      check(row, index)
    }
    index++
    kept = end
  }
  return kept
}

function appendingTo(
  handle: fs.FileHandle,
  file: string,
  kept: number,
  head: string,
  { lines, columns }: { readonly lines: Lines; readonly columns: readonly string[] },
): Omit<Output, 'isFinished'> {
  let length = kept
  let before = head
  return {
    async add(rows) {
      const text = Buffer.from(before + lines.of(rows, columns))
      try {
        await handle.writeFile(text)
      } catch (problem) {
        await handle.truncate(length).catch(() => undefined)
        throw fileError(problem, file)
      }
      length += text.length
      before = ''
    },
    async finish() {
      try {
        if (before !== '') await handle.writeFile(before)
        await handle.sync()
        await handle.close()
      } catch (problem) {
        throw fileError(problem, file)
      }
    },
    close: () => handle.close().catch(() => undefined),
  }
}
