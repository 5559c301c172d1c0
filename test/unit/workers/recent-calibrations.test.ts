/** When a calibration that was computed before may be used again. */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { expect, it } from 'vitest'
import { domainSchema } from '../../../src/contract/experiment'
import { keyOfPredictor } from '../../../src/workers/recent-calibrations'

it('not after its source was imported again, or is gone', async () => {
  const datasets = await fs.mkdtemp(join(tmpdir(), 'calibration-'))
  const checkpoint = join(datasets, 'x.dalab.safetensors')
  const description = join(datasets, 'pets.json')
  const source = domainSchema.parse({ dataset: 'pets', classes: ['cat', 'dog'] })
  const key = () => keyOfPredictor({ checkpoint, encoder: 'target', source, datasets })
  await fs.writeFile(checkpoint, '')
  const gone = await key()
  await fs.writeFile(description, '{}')
  const first = await key()
  expect(await key()).toBe(first)
  await fs.utimes(description, 1, 1)
  expect(new Set([gone, first, await key()]).size).toBe(3)
})
