import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { expect, it, onTestFinished } from 'vitest'
import { crashFolder, reportCrash } from '../../../src/lab/crash-reports'
import { openLog } from '../../../src/lab/log'

function newLogs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-crashes-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'logs')
}

it('a report says what died of what, with versions, stack and the last lines of the log', () => {
  const logs = newLogs()
  const log = openLog(() => logs)
  for (let line = 1; line <= 200; line++) log(`line ${line}\n`)
  const file = reportCrash(logs, {
    process: 'main',
    code: 'unexpected',
    error: new TypeError('no such thing'),
  })
  const text = readFileSync(file ?? '', 'utf8')
  expect(text).toMatch(/^process: main$/m)
  expect(text).toMatch(/^code: unexpected$/m)
  expect(text).toMatch(/^lab: \d+\.\d+\.\d+$/m)
  expect(text).toContain(`node: ${process.versions.node}`)
  expect(text).toMatch(/TypeError: no such thing\n {4}at /)
  expect(text).toMatch(/line 141\n[\s\S]*line 200\n/)
  expect(text).not.toContain('line 140\n')
})

it('twenty are kept, the newest', async () => {
  const logs = newLogs()
  const written: (string | null)[] = []
  for (let crash = 0; crash < 25; crash++) {
    written.push(reportCrash(logs, { process: 'trainer', code: `SIG${crash}` }))
    // The names have a resolution of a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const kept = readdirSync(crashFolder(logs))
    .sort()
    .map((name) => join(crashFolder(logs), name))
  expect(kept).toEqual(written.slice(-20))
})

it('is bounded, whatever the log and the error hold', () => {
  const logs = newLogs()
  openLog(() => logs)('x'.repeat(500_000))
  const file = reportCrash(logs, { process: 'page', code: 'crashed', error: 'y'.repeat(500_000) })
  expect(readFileSync(file ?? '').length).toBeLessThanOrEqual(64 * 1024)
})

it('gives up in silence where nothing can be written', () => {
  const logs = newLogs()
  writeFileSync(logs, '')
  expect(reportCrash(logs, { process: 'page', code: 'crashed' })).toBeNull()
})
