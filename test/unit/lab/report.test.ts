import os from 'os'
import { afterEach, expect, it, vi } from 'vitest'
import { account } from '../../../src/lab/report'

afterEach(() => void vi.restoreAllMocks())

it('a report can be written by a user whom the system cannot name, as in a container', () => {
  vi.spyOn(os, 'userInfo').mockImplementation(() => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' })
  })
  expect(account()).toEqual({ username: '', homedir: '' })
})
