/** The bundled program in the terminal, as a user runs it, with the document of `--json`. */
import { spawnSync } from 'child_process'
import { join } from 'path'

export const program = join(__dirname, '..', '..', 'dist', 'cli.cjs')

/** The document of a command; an error if it fails. */
export function askLab(dataFolder: string, ...words: string[]): unknown {
  const all = [program, '--json', '--data-folder', dataFolder, ...words]
  const { status, stdout, stderr } = spawnSync(process.execPath, all, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}
