/** The table of formats in docs/data.md matches the registry; `npm run -s docs:formats` writes it anew. */
import { readFileSync } from 'fs'
import { fileURLToPath } from 'url'
import { format } from 'oxfmt'
import { expect, test } from 'vitest'
import { listFormats } from '../../../src/data/formats/list'
import { withFormats } from '../../../src/data/formats/page'

const page = fileURLToPath(new URL('../../../docs/data.md', import.meta.url))

test('docs/data.md lists the formats that are read', async () => {
  const written = withFormats(readFileSync(page, 'utf8'), listFormats())
  const { code } = await format(page, written)
  await expect(code).toMatchFileSnapshot(page)
})
