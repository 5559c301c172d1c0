/** Everything that the tests write goes into one folder, which is gone when they end. */
import { mkdtempSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-'))
  process.env.TMPDIR = folder
  return () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
