/** docs/methods.md matches the declarations; `npm run -s docs:methods` regenerates it. */
import { fileURLToPath } from 'url'
import { expect, test } from 'vitest'
import { methodsPage } from '../../../src/methods/page'
import { methods } from '../../../src/methods/registry'

const page = fileURLToPath(new URL('../../../docs/methods.md', import.meta.url))

test('docs/methods.md is up to date', async () => {
  await expect(methodsPage(methods.map(({ declaration }) => declaration))).toMatchFileSnapshot(page)
})
