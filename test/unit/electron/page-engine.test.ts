/** The V8 flags of the page depend on the version of V8. */
import { expect, it } from 'vitest'
import { pageEngineFlags } from '../../../electron/page-engine'

it('tells a V8 only what it knows by that name', () => {
  const [old, current] = ['8.3.110.13-electron.0', '14.2.231.21-electron.0'].map(pageEngineFlags)
  expect(old).toContain('--always-compact')
  expect(current).toBe('--max-semi-space-size=2')
})
