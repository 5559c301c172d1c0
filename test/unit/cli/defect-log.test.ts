import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { expect, it, onTestFinished } from 'vitest'
import { keepDetails } from '../../../src/cli/defect-log'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-log-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  return folder
}

it('keeps what a person does not want to see: the stack, one entry after another', () => {
  const logs = join(newFolder(), 'logs')
  const file = keepDetails(new Error('first'), logs)
  keepDetails(new Error('second'), logs)
  const text = readFileSync(file ?? '', 'utf8')
  expect(file).toBe(join(logs, 'terminal.log'))
  expect(text).toMatch(/Error: first[\s\S]*\n {4}at [\s\S]*Error: second/)
})

it('gives up in silence where nothing can be written', () => {
  const inTheWay = join(newFolder(), 'logs')
  writeFileSync(inTheWay, '')
  expect(keepDetails(new Error('lost'), inTheWay)).toBeNull()
})
