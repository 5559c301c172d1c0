import { Writable } from 'stream'
import { describe, expect, it } from 'vitest'
import { runProgram, type Host } from '../../../src/cli/program'

const commands = [
  'run',
  'resume',
  'evaluate',
  'runs',
  'checkpoints',
  'show',
  'compare',
  'validators',
  'card',
  'ladder',
  'matrix',
  'export',
  'import',
  'trash',
  'restore',
  'datasets',
  'methods',
  'presets',
  'serve',
  'bench',
  'doctor',
  'report',
]

class Kept extends Writable {
  text = ''
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line up to the point where it opens a lab; opening one is an error. */
async function said(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  openLab: Host['openLab'] = () => Promise.reject(new Error('the lab was opened')),
): Promise<Said> {
  const stdout = new Kept()
  const stderr = new Kept()
  const code = await runProgram(argv, {
    streams: { stdout: stdout as never, stderr: stderr as never },
    environment,
    program: 'dalab',
    version: '1.2.3',
    programs: '/programs',
    openLab,
    keepDetails: () => '/logs/terminal.log',
  })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

describe('wrong use', () => {
  it.each([
    [['runn'], 'There is no command "runn"; did you mean "run"?'],
    [['runs', '--jsn'], 'There is no option "--jsn" here; did you mean "--json"?'],
    [['run', '--roundz', '3'], 'There is no option "--roundz" here; did you mean "--rounds"?'],
    [['-x'], 'There is no option "-x" here.'],
    [['run', '--preset'], 'The option "--preset <id>" needs a value.'],
    [['evaluate'], 'The command "evaluate" needs CHECKPOINT.'],
    [['compare', 'a'], 'The command "compare" needs RUNS.'],
    [['export', 'a', '--out', 'b'], 'The command "export" needs --format <format>.'],
    [['runs', 'surplus'], 'The command "runs" has no use for "surplus".'],
    [['--json'], 'The command "dalab" needs COMMAND.'],
    [['run', '--seeds', '0'], 'The setting "--seeds" is 0, but must lie between 1 and 1000.'],
    [['run', '--seeds', 'x'], 'The setting "--seeds" is x, but must be a whole number.'],
    [
      ['matrix', '--methods', 'dann', '--domains', 'mnist,mnist'],
      'The option "--domains" names "mnist" more than once; name each once.',
    ],
    [
      ['matrix', '--methods', 'dann', '--domains', 'mnist,'],
      'The option "--domains" is given "mnist,", in which a name is missing; write names with one comma between each two.',
    ],
    [
      ['matrix', '--methods', 'dann, dann', '--domains', 'mnist,usps'],
      'The option "--methods" names "dann" more than once; name each once.',
    ],
    [
      ['matrix', '--methods', '', '--domains', 'mnist,usps'],
      'The option "--methods" is given "", in which a name is missing; write names with one comma between each two.',
    ],
    [['ladder', '--seeds', '0'], 'The setting "--seeds" is 0, but must lie between 1 and 1000.'],
    [
      ['evaluate', 'a', '--pairing', 'two'],
      'The setting "--pairing" is two, but must be whole numbers with commas between them, such as 2,3.',
    ],
    [
      ['export', 'a', '--format', 'numpy', '--out', 'b'],
      'The setting "--format" cannot be "numpy"; did you mean "npy"? It is one of: safetensors, npy, tfjs, pytorch.',
    ],
    [['--data-folder', '', 'runs'], 'The option "--data-folder" needs a value.'],
    [
      ['evaluate', 'a', '--pairing', '2,99999999999999999999'],
      'The setting "--pairing" is 99999999999999999999, but must lie between 0 and 9007199254740991.',
    ],
    [['--lang', 'fr', 'runs'], 'The setting "--lang" cannot be "fr"; it is one of: en, zh.'],
  ])('%j gives one line on stderr, nothing on stdout but JSON, and exit code 2', async (argv, line) => {
    const { code, stdout, stderr } = await said(argv)
    expect(stderr).toBe(`${line}\n`)
    expect(code).toBe(2)
    if (argv.includes('--json')) expect(JSON.parse(stdout)).toHaveProperty('error.code')
    else expect(stdout).toBe('')
  })

  it('is said in Chinese where the system or --lang says so', async () => {
    const line = '没有“runn”这个命令，是不是“run”？\n'
    expect((await said(['runn'], { LANG: 'zh_CN.UTF-8' })).stderr).toBe(line)
    expect((await said(['runn', '--lang', 'zh'])).stderr).toBe(line)
    expect((await said(['--lang=zh', 'runn'])).stderr).toBe(line)
    expect((await said(['runn', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).stderr).toContain('There is no')
  })

  it('keeps code and parameters in JSON, and the sentence on stderr', async () => {
    const { code, stdout, stderr } = await said(['runn', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'unknown-command', params: { name: 'runn', nearest: 'run' } },
    })
    expect(stderr).toBe('There is no command "runn"; did you mean "run"?\n')
    expect(code).toBe(2)
  })
})

describe('names from files', () => {
  const nasty = '\x1b]0;owned\x07\u202egnp\n2026-11-28-forged finished'
  const summary = {
    ...{ id: nasty, folder: nasty, name: nasty, created: '2026-11-28T10:00:00.000Z', state: 'finished' },
    ...{ method: nasty, rounds: 1, epochs: 1, bytes: 1, tags: [nasty], note: nasty, heldBy: null },
    ...{ sourceAccuracy: null, targetAccuracyBefore: null, targetAccuracy: null },
    ...{ targetAccuracyBestPairing: null, unseenTargetAccuracy: null },
    ...{ estimatedAccuracy: null, estimatedAccuracyBefore: null },
    damage: [{ code: 'run-file-broken', params: { run: nasty, file: nasty } }],
  }
  const dataset = {
    ...{ id: nasty, title: nasty, path: nasty, width: 28, height: 28, channels: 1, licence: nasty },
    ...{ classNames: [nasty, 'b'], counts: { [`original/${nasty}`]: 3 }, classCounts: {} },
  }
  const shown = {
    facts: {
      ...{ run: nasty, round: 1, created: nasty, measures: null },
      experiment: {
        source: { dataset: nasty, split: 'train', classes: [nasty] },
        target: { dataset: nasty, split: 'test', classes: [] },
        adaptation: { method: nasty },
      },
    },
    ...{ bytes: 1, origin: 'verified' },
    ...{ tensors: [{ name: nasty, shape: [1], dtype: nasty }], damage: null },
  }
  const answers: Readonly<Record<string, unknown>> = {
    runs: [summary],
    trashed: [summary],
    trashedDatasets: [{ name: nasty, dataset, bytes: 1 }],
    datasets: [dataset],
    show: shown,
    export: { files: [nasty], notes: [] },
  }
  const openLab = () =>
    Promise.resolve({
      call: (name: string) => Promise.resolve(answers[name]),
      close: () => Promise.resolve(),
    }) as never

  it.each([
    ['runs'],
    ['trash'],
    ['datasets'],
    ['show', nasty],
    ['export', 'a', '--format', 'npy', '--out', nasty],
    ['restore', nasty],
    [nasty],
    ['runs', `--${nasty}`],
    ['run', nasty],
  ])('move, colour and forge nothing: %j', async (...argv) => {
    for (const language of ['en', 'zh']) {
      const { stdout, stderr } = await said([...argv, '--lang', language], {}, openLab)
      expect(stdout + stderr).toContain('\ufffd')

      expect(stdout + stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/)
      for (const line of (stdout + stderr).split('\n')) expect(line).not.toMatch(/^2026-11-28-forged/)
    }
  })

  it('a digest that matches proves no damage, and says nothing of who wrote a file', async () => {
    for (const [language, words] of [
      ['en', 'Its digest matches: the file has not been damaged since it was written.'],
      ['zh', '摘要'],
    ] as const) {
      const { stdout } = await said(['show', 'a', '--lang', language], {}, openLab)
      expect(stdout).toContain(words)
      expect(stdout).not.toMatch(/the lab|实验室/)
    }
  })

  it.each<[string[], unknown]>([
    [['runs'], answers['runs']],
    [['datasets'], answers['datasets']],
    [['trash'], { runs: answers['trashed'], datasets: answers['trashedDatasets'] }],
    [['show', 'a'], answers['show']],
    [['export', 'a', '--format', 'npy', '--out', 'b'], answers['export']],
  ])('are escaped in JSON, which gives them back: %j', async (argv, document) => {
    const { stdout } = await said([...argv, '--json'], {}, openLab)
    expect(stdout).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/)
    expect(JSON.parse(stdout)).toEqual(document)
  })
})

describe('a defect', () => {
  it('gives one line with the place of its details, no stack, and exit code 1', async () => {
    const { code, stdout, stderr } = await said(['runs', '--json'])
    expect(stderr).toBe(
      'Something went wrong that the lab did not foresee: the lab was opened Details: /logs/terminal.log\n',
    )
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'unexpected', params: { problem: 'the lab was opened' } },
    })
    expect(code).toBe(1)
  })
})

describe('help', () => {
  it.each(['en', 'zh'])('lists every command (%s)', async (language) => {
    const { code, stdout, stderr } = await said(['--help', '--lang', language])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  it.each(commands)('of %s is all in the language asked for', async (command) => {
    const { code, stdout } = await said([command, '--help', '--lang', 'zh'])
    expect(code).toBe(0)
    // Without names, options and placeholders, the text is Chinese only.
    expect(stdout).toContain('用法：')
    expect(stdout).not.toMatch(/Usage|Options|Arguments|Commands|display help|default:/)
  })

  it('is shown for no command at all, and the version when asked for', async () => {
    expect((await said([])).stdout).toContain('Commands:')
    expect((await said([])).code).toBe(0)
    expect(await said(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })
})
