/** Bodies of requests that are written to disk. */
import { execFileSync } from 'child_process'
import { existsSync, mkdtempSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { Readable } from 'stream'
import { expect, it } from 'vitest'
import { toErrorMessage } from '../../../src/contract/errors'
import { readInto } from '../../../src/server/body'

it.runIf(process.platform === 'linux')('an upload onto a full disk is named and leaves nothing', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'dalab-body-')), 'upload.npz')
  const request = Readable.from([Buffer.alloc(60_000), Buffer.alloc(60_000)])
  const limitFiles = (limit: string) =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}`])
  // As on a disk that fills up half-way: no file of this process grows beyond 100 kB.
  limitFiles('100000:')
  const problem: unknown = await readInto(request, path, 2 ** 20)
    .catch((error: unknown) => error)
    .finally(() => limitFiles('unlimited:'))
  expect(toErrorMessage(problem)).toEqual({ code: 'disk-full', params: { path } })
  expect(existsSync(path)).toBe(false)
})
