import { mkdtempSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/cli/config'
import { labError, toErrorMessage } from '../../../src/contract/errors'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dalab-config-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function written(name: string, content: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

describe('an experiment from a file', () => {
  it('is the file itself, or the experiment inside a preset or a run record', async () => {
    const experiment = { name: 'mine', pairing: [0, 1] }
    expect(await readConfig(written('plain.json', JSON.stringify(experiment)))).toEqual(experiment)
    expect(await readConfig(written('run.json', JSON.stringify({ id: 'x', experiment })))).toEqual(experiment)
    expect(await readConfig(written('bom.json', `\uFEFF${JSON.stringify(experiment)}`))).toEqual(experiment)
  })

  it('is refused where it is no JSON object', async () => {
    const list = written('list.json', '[1, 2]')
    await expect(readConfig(list)).rejects.toThrow(
      labError('malformed-config', { file: list, problem: 'no-object', place: 'content' }),
    )
    const cut = written('cut.json', '{"name": "mine",\n  }')
    await expect(readConfig(cut)).rejects.toThrow(
      labError('malformed-config', { file: cut, problem: 'not-json', place: '2:3' }),
    )
    await expect(readConfig(folder)).rejects.toThrow(labError('not-a-file', { path: folder }))
  })

  it('is refused where something nobody knows stands beside the experiment', async () => {
    const file = written('beside.json', JSON.stringify({ id: 'x', experiment: {}, titel: {} }))
    await expect(readConfig(file)).rejects.toThrow(
      labError('unknown-setting', { name: 'titel', nearest: 'title' }),
    )
  })

  it('says which file is not there', async () => {
    const file = join(folder, 'none.json')
    const error: unknown = await readConfig(file).catch((thrown: unknown) => thrown)
    expect(toErrorMessage(error)).toEqual({ code: 'file-not-found', params: { file } })
  })
})
