/** Runs on the command line: training, stopping, resuming, showing, exchange with other programs, and the trash. */
import { existsSync, readFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../long'
import { openCommandLine, type CommandLine } from './command-line'
import { documentOf, openTerminal, smallExperiment, type Said, type Terminal } from './terminal'

interface Outcome {
  readonly run: string
  readonly id: string
  readonly state: string
  readonly sourceAccuracy: number
  readonly targetAccuracyBefore: number
  readonly targetAccuracy: number
  readonly targetAccuracyBestPairing: number
  readonly unseenTargetAccuracy: number
  readonly discriminatorAccuracy: number
  readonly rounds: number
  readonly seconds: number
  readonly checkpoints: string[]
}

let terminal: Terminal
let commandLine: CommandLine
let trained: Said
let outcome: Outcome
/** The first run of a series of two seeds, and a repetition of the first run. */
let other: Outcome
let repeated: Outcome

beforeAll(async () => {
  terminal = openTerminal()
  trained = await terminal.run(...smallExperiment, '--rounds', '2', '--name', 'First', '--json')
  outcome = documentOf(trained) as Outcome
  commandLine = openCommandLine(terminal.dataFolder)
})
afterAll(async () => {
  await commandLine.close()
  await terminal.remove()
})

/** Runs a command that trains nothing, in this process to save the start of Node; `npm run long` starts each. */
function run(...argv: string[]): Promise<Said> {
  return isLong ? terminal.run(...argv) : commandLine.run('en_GB.UTF-8', ...argv)
}

describe('run', () => {
  it('ends with one JSON document on stdout that says what came out', () => {
    expect(trained.code).toBe(0)
    expect(outcome.state).toBe('finished')
    expect(outcome.rounds).toBe(2)
    expect(outcome.run).toBe(join(terminal.dataFolder, 'runs', outcome.id))
    expect(outcome.checkpoints).toHaveLength(3)
    for (const path of outcome.checkpoints) expect(existsSync(path), path).toBe(true)
    expect(outcome.sourceAccuracy).toBeGreaterThan(0.9)
    expect(outcome.targetAccuracyBestPairing).toBeGreaterThanOrEqual(0.5)
    for (const key of [
      'targetAccuracyBefore',
      'targetAccuracy',
      'unseenTargetAccuracy',
      'discriminatorAccuracy',
    ] as const) {
      expect(outcome[key], key).toBeGreaterThanOrEqual(0)
      expect(outcome[key], key).toBeLessThanOrEqual(1)
    }
    expect(outcome.seconds).toBeGreaterThan(0)
  })

  it('says its losses with 5 decimals and its accuracies with 4 on stderr, as lines where nobody watches', () => {
    expect(trained.stderr).toMatch(/source stage, epoch 1, step 12\/12: loss \d+\.\d{5}\n/)
    expect(trained.stderr).toMatch(/round 1, step 12\/12: D \d+\.\d{5} {2}MT \d+\.\d{5}\n/)
    expect(trained.stderr).toMatch(/before adaptation: source \d\.\d{4}, target \d\.\d{4}/)
    expect(trained.stderr).toMatch(/round 2: target \d\.\d{4}/)
    expect(trained.stderr).not.toContain('\u001b')
    expect(trained.stderr).not.toContain('\r')
  })

  it('leaves a record of plain files', () => {
    const record: unknown = JSON.parse(readFileSync(join(outcome.run, 'run.json'), 'utf8'))
    expect(record).toMatchObject({ state: 'finished', rounds: 2, experiment: { name: 'First' } })
    expect(record).toMatchObject({ machinery: { backend: 'tensorflow' } })
  })

  it('trains several seeds one after another and lays them together', async () => {
    const said = await terminal.run(
      ...smallExperiment,
      '--rounds',
      '1',
      '--seeds',
      '2',
      '--seed',
      '5',
      '--json',
    )
    expect(said.code).toBe(0)
    const document = documentOf(said) as { seeds: (Outcome & { seed: number })[]; summary: object }
    expect(document.seeds.map(({ seed }) => seed)).toEqual([5, 6])
    other = document.seeds[0]!
    const measured = document.seeds.map(({ sourceAccuracy, targetAccuracyBefore, discriminatorAccuracy }) =>
      [sourceAccuracy, targetAccuracyBefore, discriminatorAccuracy].join(' '),
    )
    expect(new Set(measured).size).toBe(2)
    expect(document.summary).toMatchObject({
      unseenBest: {
        least: expect.any(Number) as number,
        interval: { low: expect.any(Number) as number, high: expect.any(Number) as number },
      },
    })
  })

  it('runs an experiment from a file, such as the record of an earlier run, to the same end', async () => {
    const again = await terminal.run('run', '--config', join(outcome.run, 'run.json'), '--json')
    expect(again.code).toBe(0)
    repeated = documentOf(again) as Outcome
    expect(repeated.id).not.toBe(outcome.id)
    expect(repeated.targetAccuracy).toBe(outcome.targetAccuracy)
    expect(repeated.sourceAccuracy).toBe(outcome.sourceAccuracy)
  })
})

describe('Ctrl-C', () => {
  it('stops a run in good order, says how to go on, exits 130; resume takes it to its end', async () => {
    const { process: child, said } = terminal.start(...smallExperiment, '--rounds', '400', '--json')
    child.stderr?.on('data', (text: string) => {
      if (text.includes('round 1:')) child.kill('SIGINT')
    })
    const stopped = await said
    expect(stopped.code).toBe(130)
    const { id, state, rounds } = documentOf(stopped) as Outcome
    expect(state).toBe('stopped')
    expect(stopped.stderr).toContain(`To continue: dalab resume ${id}`)

    const resumed = await terminal.run('resume', id, '--rounds', String(rounds + 1), '--json')
    expect(resumed.stderr).not.toContain('source stage')
    expect(resumed.code).toBe(0)
    expect(documentOf(resumed)).toMatchObject({ state: 'finished', rounds: rounds + 1 })
  })

  it('from an earlier round makes a new run that names its parent', async () => {
    const said = await terminal.run('resume', outcome.run, '--round', '1', '--rounds', '2', '--json')
    expect(said.code).toBe(0)
    const branched = documentOf(said) as Outcome
    expect(branched.id).not.toBe(outcome.id)
    const record: unknown = JSON.parse(readFileSync(join(branched.run, 'run.json'), 'utf8'))
    expect(record).toMatchObject({ parent: { run: outcome.id, round: 1 } })
  })
})

describe('looking at runs', () => {
  it('lists them', async () => {
    const runs = documentOf(await run('runs', '--json')) as { id: string }[]
    expect(runs.map(({ id }) => id)).toContain(outcome.id)
    const said = await run('runs')
    expect(said.stdout).toContain(outcome.id)
    expect(said.stderr).toBe('')
  })

  it('lists the checkpoints of one run with their measures', async () => {
    const checkpoints = documentOf(await run('checkpoints', outcome.id, '--json'))
    expect(checkpoints).toMatchObject([
      { run: outcome.id, round: null, path: outcome.checkpoints[0] },
      { run: outcome.id, round: 1, path: outcome.checkpoints[1] },
      {
        run: outcome.id,
        round: 2,
        targetAccuracy: outcome.targetAccuracy,
        targetAccuracyBestPairing: outcome.targetAccuracyBestPairing,
      },
    ])
    expect((await run('checkpoints')).stdout).toContain(outcome.checkpoints[2])
  })

  it('shows what a checkpoint holds', async () => {
    const path = outcome.checkpoints[2] ?? ''
    const shown = documentOf(await run('show', path, '--json')) as { tensors: object[] }
    expect(shown).toMatchObject({ origin: 'verified', facts: { run: outcome.id, round: 2 } })
    expect(shown.tensors).toContainEqual({
      name: 'target_encoder.conv1.weight',
      shape: [32, 1, 5, 5],
      dtype: 'F32',
    })
    expect((await run('show', path)).stdout).toContain('512 x 64')
  })

  it('compares by the settings that differ', async () => {
    const compared = documentOf(await run('compare', outcome.id, other.id, '--json'))
    expect(compared).toMatchObject({ runs: [{ id: outcome.id }, { id: other.id }] })
    const { differences } = compared as { differences: { setting: string; values: unknown[] }[] }
    expect(differences).toContainEqual({ setting: 'seed', values: [0, 5] })
    expect(differences.map(({ setting }) => setting)).not.toContain('source.count')
  })
})

describe('evaluate', () => {
  it('measures on the unseen target by default, on anything when asked', async () => {
    const path = outcome.checkpoints[2] ?? ''
    const evaluated = documentOf(await run('evaluate', path, '--json'))
    expect(evaluated).toMatchObject({
      accuracy: outcome.unseenTargetAccuracy,
      count: 364,
      confusion: [
        [expect.any(Number), expect.any(Number)],
        [expect.any(Number), expect.any(Number)],
      ],
    })
    const swapped = documentOf(await run('evaluate', path, '--pairing', '1,0', '--json'))
    const { accuracy } = evaluated as { accuracy: number }
    expect((swapped as { accuracy: number }).accuracy).toBeCloseTo(1 - accuracy, 9)
    const usps = await run('evaluate', path, '--dataset', 'usps', '--classes', '0,1', '--count', '100')
    expect(usps.stdout).toContain('usps, test, classes 0, 1')
    expect(usps.code).toBe(0)
  })
})

describe('exchange', () => {
  it.each(['safetensors', 'npy', 'tfjs', 'pytorch'])('exports as %s', async (format) => {
    const out = join(terminal.files, `export-${format}`)
    const said = await run('export', outcome.checkpoints[2] ?? '', '--format', format, '--out', out, '--json')
    expect(said.code).toBe(0)
    const { files } = documentOf(said) as { files: string[] }
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect(existsSync(file), file).toBe(true)
  })

  it('imports what it exported, and the import measures the same', async () => {
    const out = join(terminal.files, 'exchanged')
    await run('export', outcome.checkpoints[2] ?? '', '--format', 'npy', '--out', out)
    const said = await run('import', out, '--pixels', 'unit', '--json')
    expect(said.code).toBe(0)
    const { checkpoint } = documentOf(said) as { checkpoint: string }
    const evaluated = await run(
      ...['evaluate', checkpoint, '--dataset', 'usps', '--split', 'test'],
      ...['--classes', '2,3', '--pairing', '0,1', '--json'],
    )
    expect(documentOf(evaluated)).toMatchObject({ accuracy: outcome.unseenTargetAccuracy })
  })
})

describe('the trash', () => {
  it('takes a run, lists it, gives it back, and is emptied only when told', async () => {
    const { id } = repeated
    expect((await run('trash', id)).code).toBe(0)
    expect((await run('runs')).stdout).not.toContain(id)
    expect((await run('trash')).stdout).toContain(id)
    expect((await run('restore', id)).code).toBe(0)
    expect((await run('runs')).stdout).toContain(id)
    await run('trash', id)
    const unasked = await run('trash', '--empty', '--json')
    expect([unasked.code, documentOf(unasked)]).toMatchObject([2, { error: { code: 'deletes-for-good' } }])
    expect((await run('trash')).stdout).toContain(id)
    expect(documentOf(await run('trash', '--empty', '--yes', '--json'))).toMatchObject({
      bytes: expect.any(Number) as number,
    })
    expect((await run('trash')).stdout).toBe('The trash is empty.\n')
  })
})

describe('what there is', () => {
  it('lists datasets, methods and presets', async () => {
    expect((await run('datasets')).stdout).toMatch(/mnist[\s\S]*usps/)
    const methods = await terminal.runInChinese('methods')
    expect(methods.stdout).toContain('adaptation.parameters.discriminatorLearningRate')
    expect(methods.stdout).toContain('判别器每一步沿梯度下降的步长。')
    const presets = documentOf(await run('presets', '--json')) as { id: string }[]
    expect(presets.map(({ id }) => id)).toEqual(expect.arrayContaining(['published', 'published-swapped']))
  })
})
