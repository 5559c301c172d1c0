/** docs/presets.md matches the preset files; `npm run -s docs:presets` regenerates it. */
import { fileURLToPath } from 'url'
import { expect, test } from 'vitest'
import { listPresets } from '../../../src/data/presets'
import { presetsPage } from '../../../src/data/presets-page'

const page = fileURLToPath(new URL('../../../docs/presets.md', import.meta.url))

test('docs/presets.md is up to date', async () => {
  await expect(presetsPage(await listPresets())).toMatchFileSnapshot(page)
})
