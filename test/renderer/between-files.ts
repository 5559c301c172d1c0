/** Before each file: files share their modules, so what one file set up is taken back before the next. */
import { disableAutoUnmount } from '@vue/test-utils'
import { afterAll, vi } from 'vitest'

// Each file that mounts enables it for itself, which is refused a second time.
disableAutoUnmount()

afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})
