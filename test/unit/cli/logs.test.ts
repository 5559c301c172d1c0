import { mkdirSync, mkdtempSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { logsFor } from '../../../src/cli/logs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dalab-logs-'))
  vi.stubEnv('DALAB_DATA', join(folder, 'named'))
})
afterEach(() => vi.unstubAllEnvs())

function set(place: string, settings: string): void {
  mkdirSync(join(folder, place))
  writeFileSync(join(folder, place, 'settings.json'), settings)
}

it('details lie with the data: where the command line says, else the settings, else where data lie anyway', () => {
  expect(logsFor(['runs'])).toBe(join(folder, 'named', 'logs'))
  set('named', JSON.stringify({ dataFolder: join(folder, 'set') }))
  expect(logsFor(['runs'])).toBe(join(folder, 'set', 'logs'))
  const asked = join(folder, 'asked')
  expect(logsFor(['runs', '--data-folder', asked])).toBe(join(asked, 'logs'))
  expect(logsFor([`--data-folder=${asked}`, 'runs'])).toBe(join(asked, 'logs'))
  expect(logsFor(['--data-folder', folder, 'runs', '--data-folder', asked])).toBe(join(asked, 'logs'))
  set('asked', JSON.stringify({ dataFolder: join(folder, 'moved') }))
  expect(logsFor(['runs', '--data-folder', asked])).toBe(join(folder, 'moved', 'logs'))
})

it.each(['{', '{"dataFolder":3}', '{}'.padEnd(2 ** 20 + 1)])(
  'settings that cannot be read name no place',
  (settings) => {
    set('named', settings)
    expect(logsFor(['runs'])).toBe(join(folder, 'named', 'logs'))
  },
)
