/** Unexpected errors on the command line are logged in the data folder that the command works on. */
import { spawnSync } from 'child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { expect, it } from 'vitest'
import { temporaryFolder } from './programs'

const program = join(__dirname, '../../dist/cli.cjs')

/** The program with a broken list of methods, an internal error of the program. */
function defectiveProgram(): string {
  const folder = temporaryFolder()
  copyFileSync(program, join(folder, 'cli.cjs'))
  writeFileSync(join(folder, 'methods.json'), '{')
  return join(folder, 'cli.cjs')
}

it('the log of a command lies in the folder that it was given, or that the settings name', () => {
  const cli = defectiveProgram()
  const [home, asked, set] = ['home', 'asked', 'set'].map((name) => join(temporaryFolder(), name)) as [
    string,
    string,
    string,
  ]
  const run = (...argv: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...argv], {
      env: { ...process.env, DALAB_DATA: home },
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    return stderr
  }
  const logIn = (folder: string) => join(folder, 'logs', 'terminal.log')

  expect(run('runs', '--data-folder', asked)).toContain(logIn(asked))
  expect(readFileSync(logIn(asked), 'utf8')).toContain('SyntaxError')
  mkdirSync(home)
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ dataFolder: set }))
  expect(run('runs')).toContain(logIn(set))
  expect(existsSync(logIn(set))).toBe(true)
  expect(existsSync(logIn(home))).toBe(false)
})
