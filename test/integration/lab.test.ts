/** The lab's commands on real runs, and the errors of each. */
import { fork } from 'child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'fs'
import { homedir, hostname, tmpdir, userInfo } from 'os'
import { dirname, join } from 'path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendEvent } from '../../src/checkpoints/metrics'
import { metricsPath, viewsFolder } from '../../src/checkpoints/run-folder'
import { listRuns } from '../../src/checkpoints/runs'
import { commands, labEventSchema, type CommandName, type CommandOutput } from '../../src/contract/lab'
import type { RoundEvent } from '../../src/contract/record'
import { addToLog } from '../../src/files/rolling-log'
import { reportCrash } from '../../src/lab/crash-reports'
import { foldersIn } from '../../src/lab/data-folder'
import { isLong } from '../long'
import { isPending } from '../pending'
import { openLab, small, smallInput, temporaryFolder, useProgramsInFile, type Watched } from './programs'

const programs = useProgramsInFile()
let watched: Watched
let trained: CommandOutput<'start'>

const target = { ...smallInput.target, split: 'test' } as const

beforeAll(async () => {
  watched = await openLab()
  trained = await watched.train(small({ target, adaptation: { ...smallInput.adaptation, epochs: 4 } }))
})
afterAll(() => watched.lab.close())

const dataFolder = () => join(trained.folder, '..', '..')

const few = (count: number) => ({ target: { ...smallInput.target, count } })

describe('a start is refused, and nothing written, for', () => {
  it.each([
    [{ source: { ...smallInput.source, dataset: 'uspss' } }, 'unknown-dataset', { nearest: 'usps' }],
    [{ source: { ...smallInput.source, dataset: './nowhere.npz' } }, 'file-not-found', {}],
    [{ source: { ...smallInput.source, classes: [0, 11] } }, 'unknown-class', { class: '11' }],
    [{ source: { ...smallInput.source, classes: [0] } }, 'unequal-classes', { source: 1, target: 2 }],
    [{ source: { ...smallInput.source, classes: [0, 0] } }, 'repeated-class', { domain: 'source' }],
    [{ source: { ...smallInput.source, count: 99_999 } }, 'count-too-large', { available: 2199 }],
    [{ target: { ...smallInput.target, count: 1 } }, 'too-few-images', { domain: 'target', least: 2 }],
    [{ ...few(60), adaptation: { shots: 30 } }, 'shots-leave-none', { asked: 60, images: 60 }],
    // The seed decides which of the two classes has fewer of the 60 drawn images.
    [{ ...few(60), adaptation: { shots: 29 } }, 'shots-too-many', { asked: 29, class: '3', available: 26 }],
    [
      { ...few(101), model: { ...smallInput.model, encoder: 'lenet-bn' } },
      'batch-of-one',
      { name: 'adaptation.batch' },
    ],
    [{ pairing: [1, 1] }, 'invalid-pairing', {}],
    [{ pairing: [1] }, 'invalid-pairing', {}],
    [{ pairing: [1, 2] }, 'invalid-pairing', {}],
    [{ adaptation: { method: 'addda' } }, 'unknown-method', { nearest: 'adda' }],
    [{ adaptation: { learningRate: 0 } }, 'out-of-range', { name: 'adaptation.learningRate' }],
    [{ adaptation: { learningRate: NaN } }, 'out-of-range', { value: 'NaN' }],
    [{ adaptation: { batch: -5 } }, 'out-of-range', { name: 'adaptation.batch' }],
    [{ adaptation: { epochs: 1e12 } }, 'out-of-range', { name: 'adaptation.epochs' }],
    [{ lerningRate: 1 }, 'unknown-setting', { name: 'lerningRate' }],
  ])('%j: %s', async (changes, code, params) => {
    const before = readdirSync(join(dataFolder(), 'runs'))
    const experiment = { ...smallInput, ...changes }
    for (const command of ['check', 'estimate', 'start'] as const) {
      await expect(watched.lab.call(command, { experiment })).rejects.toMatchObject({ code, params })
    }
    expect(readdirSync(join(dataFolder(), 'runs'))).toEqual(before)
  })
})

describe('a run that begins', () => {
  it('is called running by another lab on the same folder until it is finished, and nothing else', async () => {
    const states = new Set<string>()
    const before = readdirSync(join(dataFolder(), 'runs'))
    // Without rounds: the folder is read without a pause, which takes a whole core as long as the run lasts.
    const training = watched.train(small({ target, adaptation: { epochs: 0 } }))
    while (await isPending(training))
      for (const { id, state } of await listRuns(dataFolder())) if (!before.includes(id)) states.add(state)
    const { folder } = await training
    expect([...states]).toEqual(['running', 'finished'])
    rmSync(folder, { recursive: true })
  })
})

describe('a run that there is not', () => {
  it.each([
    ['run', {}],
    ['history', {}],
    ['view', { round: 0 }],
    ['viewImages', {}],
    ['checkpoints', {}],
    ['control', { action: 'stop' }],
    ['resume', {}],
    ['annotate', { note: 'x' }],
    ['trash', {}],
    ['free', { keep: 'last', rounds: [1] }],
  ] as [CommandName, object][])('is refused by %s, with the nearest', async (command, input) => {
    const order = { run: `${trained.run}x`, ...input }
    await expect(watched.lab.call(command, order as never)).rejects.toMatchObject({
      code: 'unknown-run',
      params: { nearest: trained.run },
    })
  })

  it.each(['compare', 'card', 'validators'] as const)(
    'is refused by %s, with none that is far',
    async (command) => {
      await expect(watched.lab.call(command, { runs: ['nothing', trained.run] })).rejects.toMatchObject({
        code: 'unknown-run',
        params: { name: 'nothing', nearest: '' },
      })
    },
  )

  it.each(['..', '../trash', '.', '/etc'])('is not looked for outside the runs: %s', async (run) => {
    await expect(watched.lab.call('trash', { run })).rejects.toMatchObject({ code: 'unknown-run' })
  })
})

describe('the contract', () => {
  it.each([
    ['run', { run: 3 }],
    ['runs', { extra: true }],
    ['evaluate', {}],
    ['control', { run: 'x', action: 'explode' }],
    ['enqueue', { name: 'none', experiments: [] }],
  ] as [CommandName, unknown][])('refuses %s with %j', async (command, input) => {
    await expect(watched.lab.call(command, input as never)).rejects.toMatchObject({
      code: 'contract-violation',
      params: { where: command },
    })
  })

  it('holds for every event, and for what commands answer', async () => {
    for (const event of watched.events) expect(labEventSchema.safeParse(event).error).toBeUndefined()
    const { run } = trained
    const answers = [
      ['presets', {}],
      ['methods', {}],
      ['datasets', {}],
      ['runs', {}],
      ['run', { run }],
      ['history', { run }],
      ['view', { run, round: 1 }],
      ['viewImages', { run }],
      ['checkpoints', {}],
      ['settings', {}],
      ['doctor', {}],
      ['trashed', {}],
      ['queue', {}],
      ['card', { runs: [run] }],
      ['matrix', {}],
      ['estimate', { experiment: smallInput }],
    ] as [CommandName, object][]
    for (const [command, input] of answers) {
      const answer: unknown = await watched.lab.call(command, input)
      expect(commands[command].output.safeParse(answer).error, command).toBeUndefined()
    }
  })

  it('has every preset pass the full check, but the one for photos of the user', async () => {
    for (const { experiment, id } of await watched.lab.call('presets', {})) {
      const checked = watched.lab.call('check', { experiment })
      if (id === 'photos') await expect(checked).rejects.toMatchObject({ code: 'unknown-dataset' })
      else expect(await checked, id).toMatchObject(experiment)
    }
  })
})

// In `npm test`, test/unit/training compares losses, without a process.
if (isLong) {
  it('another learning rate gives another curve; the same one gives the same', async () => {
    const curve = async (learningRate: number) => {
      const adaptation = { ...smallInput.adaptation, learningRate }
      const { run } = await watched.train(small({ target, adaptation }))
      const rounds = (await watched.lab.call('history', { run })).filter(
        (event): event is RoundEvent => event.type === 'round',
      )
      return rounds.map(({ losses }) => losses['MT'] ?? 0)
    }
    const [one, same, other] = [await curve(0.001), await curve(0.001), await curve(0.01)]
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
  })
}

describe('checkpoints', () => {
  it('are kept as the experiment says', async () => {
    const keep = async (retention: { keep: 'every-nth' | 'best-and-last'; nth?: number }) => {
      const adaptation = { ...smallInput.adaptation, epochs: 3 }
      const { run } = await watched.train(small({ target, adaptation, retention }))
      const kept = await watched.lab.call('checkpoints', { run })
      return { rounds: kept.map(({ round }) => round), best: kept.find(({ best }) => best)?.round }
    }
    expect((await keep({ keep: 'every-nth', nth: 2 })).rounds).toEqual([null, 2, 3])
    if (!isLong) return
    const { rounds, best } = await keep({ keep: 'best-and-last' })
    expect(rounds).toEqual([...new Set([null, best, 3])])
  })

  it('can be freed later, never the last and no pinned one', async () => {
    const { run } = trained
    await watched.lab.call('annotate', { run, pinned: [2] })
    const { rounds } = await watched.lab.call('freeable', { run, keep: 'last' })
    const { bytes } = await watched.lab.call('free', { run, keep: 'last', rounds })
    expect(bytes).toBeGreaterThan(4_000_000)
    const left = await watched.lab.call('checkpoints', { run })
    expect(left.map(({ round, pinned }) => [round, pinned])).toEqual([
      [null, false],
      [2, true],
      [4, false],
    ])
    await expect(watched.lab.call('resume', { run, round: 3, rounds: 5 })).rejects.toMatchObject({
      code: 'unknown-round',
      params: { round: 3, known: '0, 2, 4' },
    })
  })
})

describe('runs', () => {
  it('take names, tags and notes', async () => {
    const { run } = trained
    const summary = await watched.lab.call('annotate', { run, name: 'Best so far', tags: ['a'], note: 'n' })
    expect(summary).toMatchObject({ name: 'Best so far', tags: ['a'], note: 'n' })
    const { record } = await watched.lab.call('run', { run })
    expect(record?.experiment.target.classes).toEqual(['2', '3'])
    expect(await watched.lab.call('annotate', { run, name: null })).toMatchObject({
      name: 'small',
      tags: ['a'],
    })
  })

  it('go to the trash and come back', async () => {
    const { run, folder } = trained
    await watched.lab.call('trash', { run })
    expect(existsSync(folder)).toBe(false)
    expect((await watched.lab.call('trashed', {})).map(({ id }) => id)).toEqual([run])
    await watched.lab.call('restore', { run })
    expect(existsSync(folder)).toBe(true)
    await expect(watched.lab.call('restore', { run })).rejects.toMatchObject({ code: 'not-in-trash' })
    expect(await watched.lab.call('emptyTrash', { runs: [run], datasets: [] })).toEqual({ bytes: 0 })
  })

  it('that are damaged by hand are listed as damaged, and the others as ever', async () => {
    const broken = join(dataFolder(), 'runs', 'broken')
    mkdirSync(broken)
    writeFileSync(join(broken, 'run.json'), '{')
    const runs = await watched.lab.call('runs', {})
    expect(runs.find(({ id }) => id === 'broken')).toMatchObject({ state: 'damaged' })
    expect(runs.find(({ id }) => id === trained.run)).toMatchObject({ state: 'finished', damage: [] })
    expect((await watched.lab.call('run', { run: 'broken' })).record).toBeNull()
    await expect(watched.lab.call('resume', { run: 'broken' })).rejects.toMatchObject({
      code: 'run-file-broken',
    })
    rmSync(broken, { recursive: true })
    await expect(watched.lab.call('history', { run: 'broken' })).rejects.toMatchObject({
      code: 'unknown-run',
    })
  })
})

describe('settings', () => {
  it('are told to everyone, and a data folder does not change under a run', async () => {
    const changed = await watched.lab.call('changeSettings', { language: 'zh' })
    expect(changed.language).toBe('zh')
    await watched.until((event) => event.type === 'settings-changed' && event.settings.language === 'zh')
    const { run } = await watched.lab.call('start', { experiment: small({ target }) })
    await expect(watched.lab.call('changeSettings', { dataFolder: '/elsewhere' })).rejects.toMatchObject({
      code: 'run-running',
      params: { run },
    })
    await watched.lab.call('control', { run, action: 'stop' })
    await watched.ending(run)
  })
})

it('the doctor tries every part', async () => {
  const parts = await watched.lab.call('doctor', {})
  expect(parts.map(({ part, state }) => [part, state])).toEqual([
    ['node', 'ok'],
    ['tensorflow', 'ok'],
    ['mnist', 'ok'],
    ['usps', 'ok'],
    ['data-folder', 'ok'],
    ['steps', 'ok'],
  ])
  expect(parts[1]?.version).toMatch(/^2\./)
})

it('the doctor reports a data folder that others may open', async () => {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const { lab } = await openLab(folder)
  const parts = await lab.call('doctor', {})
  await lab.close()
  const command = expect.stringContaining(`chmod 700 '${folder}'`) as string
  expect(parts.find(({ part }) => part === 'data-folder')).toMatchObject({ state: 'warning', hint: command })
})

describe('a report of a fault', () => {
  const read = (file: string) =>
    Object.entries(unzipSync(readFileSync(file))).map(([name, bytes]) => [name, strFromU8(bytes)] as const)

  it('holds versions, the doctor, the logs and one run; no image, no path, no name of user or machine', async () => {
    const { run, folder } = trained
    const { logs } = foldersIn(dataFolder())
    const { username } = userInfo()
    const secret = `/srv/patients of ${username}/Doe.npz`
    addToLog(join(logs, 'lab.log'), `cannot read '${secret}' on ${hostname()}\n`)
    reportCrash(logs, { process: 'analyst', code: 'SIGSEGV', error: new Error(`open ${homedir()}/x`) })
    const out = join(temporaryFolder(), 'report.zip')
    const { file, contents } = await watched.lab.call('report', { run, out })
    const entries = read(file)
    expect(entries.map(([name]) => name)).toEqual(contents.map(({ name }) => name))
    expect(contents.map(({ name }) => name.replace(/crashes\/.*/, 'crashes'))).toEqual([
      ...['versions.json', 'doctor.json', 'logs/lab.log', 'logs/crashes'],
      ...['run/run.json', 'run/metrics.jsonl', 'run/files.txt'],
    ])
    const texts = new Map(entries)
    expect(JSON.parse(texts.get('doctor.json') ?? '')).toContainEqual(
      expect.objectContaining({ part: 'tensorflow', state: 'ok' }),
    )
    expect(JSON.parse(texts.get('run/run.json') ?? '')).toMatchObject({ id: run, state: 'finished' })
    expect(texts.get('run/metrics.jsonl')?.trim().split('\n')).toHaveLength(
      readFileSync(metricsPath(folder), 'utf8').trim().split('\n').length,
    )
    expect(texts.get('logs/lab.log')).toContain("cannot read '<path>' on <host>")

    const images = readdirSync(viewsFolder(folder)).flatMap((name) =>
      [...readFileSync(join(viewsFolder(folder), name), 'utf8').matchAll(/[A-Za-z0-9+/=]{100,}/g)].map(
        String,
      ),
    )
    expect(images.length).toBeGreaterThan(0)
    const word = (name: string) => new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'iu')
    for (const [name, text] of entries) {
      for (const path of [homedir(), dataFolder(), tmpdir(), join(__dirname, '..', '..'), 'patients', 'Doe'])
        expect(text, name).not.toContain(path)
      for (const one of [username, hostname()]) expect(text, name).not.toMatch(word(one))
      for (const image of images) expect(text, name).not.toContain(image)
    }
  })

  it('is about the newest run, where none is named, and is written over nothing', async () => {
    const out = join(temporaryFolder(), 'report.zip')
    const [newest] = await watched.lab.call('runs', {})
    const { file } = await watched.lab.call('report', { out })
    const record = read(file).find(([name]) => name === 'run/run.json')
    expect(JSON.parse(record?.[1] ?? '')).toMatchObject({ id: newest?.id })
    const before = readFileSync(out)
    await expect(watched.lab.call('report', { out })).rejects.toMatchObject({
      code: 'already-there',
      params: { path: out },
    })
    expect(readFileSync(out).equals(before)).toBe(true)
    expect(readdirSync(dirname(out))).toEqual(['report.zip'])
    await expect(watched.lab.call('report', { run: 'x', out: `${out}2` })).rejects.toMatchObject({
      code: 'unknown-run',
    })
    await expect(watched.lab.call('report', { out: join(out, '..', 'no', 'x.zip') })).rejects.toMatchObject({
      code: 'file-not-found',
    })
  })

  it('leaves out where a dataset lies, and is made of a lab without runs and of a run that is broken', async () => {
    const folder = temporaryFolder()
    const { lab } = await openLab(folder)
    const write = async (name: string) => read((await lab.call('report', { out: join(folder, name) })).file)
    expect((await write('none.zip')).filter(([name]) => name.startsWith('run/'))).toEqual([])
    const run = join(folder, 'runs', 'broken')
    mkdirSync(run, { recursive: true })
    const source = { dataset: './scans of/Ms. "Doe"' }
    writeFileSync(join(run, 'run.json'), `${JSON.stringify({ source, target: source })} and no JSON`)
    const texts = new Map(await write('broken.zip'))
    await lab.close()
    expect(texts.get('run/run.json')).toContain('"dataset":"<dataset>"')
    expect(texts.get('run/run.json')).not.toContain('scans of')
    expect(texts.get('run/files.txt')).toMatch(/^run\.json \d+$/m)
  })
})

it('the doctor names the methods whose steps could not be compiled, and why', async () => {
  const { run } = trained
  const { summary, record } = await watched.lab.call('run', { run })
  await appendEvent(summary.folder, {
    type: 'eager',
    time: new Date().toISOString(),
    phase: 'adaptation',
    code: 'step-reads-value',
    params: {},
  })
  const parts = await watched.lab.call('doctor', {})
  expect(parts.find(({ part }) => part === 'steps')).toMatchObject({
    state: 'warning',
    hint: `${record?.experiment.adaptation.method}: step-reads-value`,
  })
})

describe('the trainer', () => {
  it('refuses an order that does not fit', async () => {
    const trainer = fork(join(programs, 'trainer.cjs'), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const reply = new Promise((resolve) => void trainer.once('message', resolve))
    trainer.send({ type: 'train', run: '../..', experiment: {} })
    expect(await reply).toMatchObject({ type: 'failed', error: { code: 'contract-violation' } })
    const gone = new Promise((resolve) => void trainer.once('exit', resolve))
    trainer.disconnect()
    await gone
  })
})
