/** Reads an experiment from a file: on its own, or within a preset or a run's run.json. */
import { promises as fs } from 'fs'
import { basename, dirname, resolve } from 'path'
import { newerSchema, recordByName, recordSchema } from '../contract/earlier'
import { labError } from '../contract/errors'
import { presetSchema } from '../contract/experiment'
import { nearest } from '../contract/nearest'
import { runRecordSchema } from '../contract/record'
import { parseJson } from '../files/json'
import { readBounded } from '../files/read'

const maxBytes = 2 ** 20
/** Other keys allowed next to `experiment`: those of a preset and of a run.json. */
const besideExperiment = [...Object.keys({ ...presetSchema.shape, ...runRecordSchema.shape }), 'classNames']

async function textOf(file: string): Promise<string> {
  if ((await fs.stat(file)).isDirectory()) throw labError('not-a-file', { path: file })
  return (await readBounded(file, maxBytes)).toString('utf8').replace(/^\uFEFF/, '')
}

/**
 * @throws `malformed-config`, `run-file-newer`, `unknown-setting` (a key of neither a preset nor a run.json), what
 * reading throws
 */
export async function readConfig(file: string): Promise<object> {
  const content = parseJson(await textOf(file), file)
  if (!isObject(content)) throw labError('malformed-config', { file, problem: 'no-object', place: 'content' })
  if (!('experiment' in content) || !isObject(content.experiment)) return content
  refuseNewer(content, file)
  const unknown = Object.keys(content).find((key) => !besideExperiment.includes(key))
  if (unknown !== undefined)
    throw labError('unknown-setting', { name: unknown, nearest: nearest(unknown, besideExperiment) })
  return (recordByName(content) as { experiment: object }).experiment
}

/** A newer run.json may have other keys and other meanings. Throws `run-file-newer`. */
function refuseNewer(content: object, file: string): void {
  const found = newerSchema(content)
  if (found === null) return
  const run = basename(dirname(resolve(file)))
  throw labError('run-file-newer', { run, file: basename(file), found, supported: recordSchema })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
