import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { expect, it, onTestFinished } from 'vitest'
import { addToLog } from '../../../src/files/rolling-log'

function newLog(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'logs', 'a.log')
}

const text = (path: string): string => readFileSync(path, 'utf8')

it('sets what is full aside, and lets go of what is older', () => {
  const log = newLog()
  for (let line = 10; line < 24; line++) addToLog(log, `line ${line}\n`, 32)
  expect(text(log)).toBe('line 22\nline 23\n')
  expect(text(`${log}.1`)).toBe('line 18\nline 19\nline 20\nline 21\n')
  expect(text(`${log}.2`)).toBe('line 14\nline 15\nline 16\nline 17\n')
  expect(readdirSync(join(log, '..'))).toHaveLength(3)
})

it('takes no more of one entry than a file may hold', () => {
  const log = newLog()
  addToLog(log, 'x'.repeat(1000), 32)
  addToLog(log, 'y', 32)
  expect(statSync(`${log}.1`).size).toBe(32)
  expect(text(log)).toBe('y')
  expect(existsSync(`${log}.2`)).toBe(false)
})

it('gives a terminal no orders', () => {
  const log = newLog()
  addToLog(log, 'Error: \x1b]0;owned\x07 \x9b2J\rforged\r\n\tat line 1\n')
  expect(text(log)).toBe('Error: \ufffd]0;owned\ufffd \ufffd2J\ufffdforged\n\tat line 1\n')
})
