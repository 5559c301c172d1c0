import { mkdtempSync, readFileSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { expect, it } from 'vitest'
import { openSettings } from '../../../src/lab/settings'

const fresh = () => join(mkdtempSync(join(tmpdir(), 'dalab-settings-')), 'deep', 'settings.json')

it('settings follow the machine until they are changed, and are there again after a restart', async () => {
  const file = fresh()
  const settings = await openSettings(file, '/data')
  expect(settings.current()).toMatchObject({ dataFolder: '/data', language: null, theme: null })
  await settings.change({ theme: 'dark', threads: 3 })
  const again = await openSettings(file, '/data')
  expect(again.current()).toMatchObject({ dataFolder: '/data', theme: 'dark', threads: 3, language: null })
})

it('two programs may change different settings', async () => {
  const file = fresh()
  const one = await openSettings(file, '/data')
  const other = await openSettings(file, '/data')
  await one.change({ theme: 'light' })
  expect(await other.change({ language: 'zh' })).toMatchObject({ theme: 'light', language: 'zh' })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ theme: 'light', language: 'zh' })
})

it('the last of several changes at once stays, and none is lost', async () => {
  const file = fresh()
  const settings = await openSettings(file, '/data')
  const given = ['zh', 'en', 'zh', 'en', 'zh', 'en'] as const
  await Promise.all([
    ...given.map((language) => settings.change({ language })),
    settings.change({ threads: 3 }),
  ])
  expect(settings.current()).toMatchObject({ language: 'en', threads: 3 })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ language: 'en', threads: 3 })
})

it.each(['{', '[]', '{"threads":0}', '{"colour":"red"}'])(
  'settings that are %s are refused',
  async (text) => {
    const file = join(mkdtempSync(join(tmpdir(), 'dalab-settings-')), 'settings.json')
    writeFileSync(file, text)
    await expect(openSettings(file, '/data')).rejects.toMatchObject({
      code: 'malformed-config',
      params: { file },
    })
  },
)

it('settings larger than any are read no further', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'dalab-settings-')), 'settings.json')
  writeFileSync(file, '{}'.padEnd(2 ** 20 + 1))
  await expect(openSettings(file, '/data')).rejects.toMatchObject({
    code: 'file-too-large',
    params: { file },
  })
})
