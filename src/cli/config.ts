/** An experiment from a file: as it stands, or inside a preset or a run's run.json. */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'
import { parseJson } from '../files/json'
import { readBounded } from '../files/read'

const mostBytes = 2 ** 20

async function textOf(file: string): Promise<string> {
  if ((await fs.stat(file)).isDirectory()) throw labError('not-a-file', { path: file })
  return (await readBounded(file, mostBytes)).toString('utf8').replace(/^\uFEFF/, '')
}

export async function readConfig(file: string): Promise<object> {
  const content = parseJson(await textOf(file), file)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw labError('malformed-config', { file, problem: 'no-object', place: 'content' })
  }
  return 'experiment' in content && typeof content.experiment === 'object' && content.experiment !== null
    ? content.experiment
    : content
}
