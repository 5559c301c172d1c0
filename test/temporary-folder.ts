/** Global set-up: one temporary folder for all files of the tests, removed when they end. */
import { mkdtempSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { basename, join } from 'path'

/** Runs once per project; all projects share one folder with a short path, which a browser's socket needs. */
export default function setup(): () => void {
  if (basename(tmpdir()).startsWith('dalab-')) return () => undefined
  const folder = mkdtempSync(join(tmpdir(), 'dalab-'))
  process.env.TMPDIR = folder
  return () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
