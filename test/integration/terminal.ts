/** The command line as users run it: the bundled program in a process of its own, with a data folder of its own. */
import { spawn, type ChildProcess } from 'child_process'
import { existsSync, mkdtempSync, readdirSync, statSync } from 'fs'
import { rm } from 'fs/promises'
import { tmpdir } from 'os'
import { basename, join } from 'path'

const program = join(__dirname, '../../dist/cli.cjs')

export interface Said {
  /** Null if a signal ended the process. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The user who runs a command; the user of the tests if empty. */
export interface Identity {
  readonly uid?: number
  readonly gid?: number
}

export interface Terminal {
  readonly dataFolder: string
  /** A folder for the test's own files, outside the data folder. */
  readonly files: string
  run(...argv: string[]): Promise<Said>
  /** Runs a command with a Chinese system language. */
  runInChinese(...argv: string[]): Promise<Said>
  /** Starts a command; `said` resolves with its output. */
  start(...argv: string[]): { readonly process: ChildProcess; readonly said: Promise<Said> }
  startAs(user: Identity, ...argv: string[]): ReturnType<Terminal['start']>
  /** Starts a command with additional environment variables. */
  startWith(environment: Record<string, string>, ...argv: string[]): ReturnType<Terminal['start']>
  /** Every file under the data folder except logs, with size and time, to check that nothing was written. */
  written(): string[]
  remove(): Promise<void>
}

export function openTerminal(): Terminal {
  if (!existsSync(program)) throw new Error(`${program} is not there: npm run bundle`)
  const folder = mkdtempSync(join(tmpdir(), 'dalab-terminal-'))
  const dataFolder = join(folder, 'data')

  function start(
    argv: readonly string[],
    lang: string,
    user: Identity = {},
    more: Record<string, string> = {},
  ) {
    const { LC_ALL: _, LC_MESSAGES: __, npm_lifecycle_event: ___, ...environment } = process.env
    const child = spawn(process.execPath, [program, ...argv], {
      ...user,
      cwd: folder,
      env: { ...environment, ...more, LANG: lang, DALAB_DATA: dataFolder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = new Promise<Said>((resolve, reject) => {
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      child.once('error', reject)
      child.once('close', (code) => {
        resolve({ code, stdout, stderr })
      })
    })
    return { process: child, said }
  }

  return {
    dataFolder,
    files: folder,
    run: (...argv) => start(argv, 'en_GB.UTF-8').said,
    runInChinese: (...argv) => start(argv, 'zh_CN.UTF-8').said,
    start: (...argv) => start(argv, 'en_GB.UTF-8'),
    startAs: (user, ...argv) => start(argv, 'en_GB.UTF-8', user),
    startWith: (more, ...argv) => start(argv, 'en_GB.UTF-8', {}, more),
    written: () => (existsSync(dataFolder) ? filesUnder(dataFolder) : []),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The temporary name of an atomic write, which exists only until the file is renamed. */
const beingWritten = /^\..+\.\d+-\d+\.tmp$/

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('logs') && !beingWritten.test(basename(name)))
    .map((name) => ({ name, facts: statSync(join(folder, name), { throwIfNoEntry: false }) }))
    .flatMap(({ name, facts }) =>
      // Removed between listing and `stat`.
      facts?.isFile() === true ? [`${name} ${String(facts.size)} ${String(facts.mtimeMs)}`] : [],
    )
    .sort()
}

/** The single JSON document on stdout. */
export function documentOf({ stdout }: Said): unknown {
  return JSON.parse(stdout)
}

/** The published experiment with few images, those of USPS in their own size, so that it is quick. */
export const smallExperiment = [
  'run',
  '--preset',
  'published',
  '--set',
  'source.dataset=usps',
  'target.dataset=usps',
  'model.side=16',
  'source.count=600',
  'target.count=600',
  'adaptation.learningRate=0.001',
]
