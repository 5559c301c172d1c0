/** Training in the real worker: the files of a run, its reaction to commands, and resuming. */
import { existsSync, readFileSync, readdirSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { recordedEventSchema, type RoundEvent } from '../../src/contract/record'
import { onMnist, openLab, small, useProgramsInFile, type Watched } from './programs'

useProgramsInFile()
let watched: Watched

beforeAll(async () => {
  watched = await openLab()
})
afterAll(() => watched.lab.close())

describe('a run of two rounds', () => {
  let folder: string
  let run: string

  beforeAll(async () => {
    const trained = await watched.train(small(onMnist))
    expect(trained.ended.type).toBe('finished')
    folder = trained.folder
    run = trained.run
  })

  it('leaves record, metrics, checkpoints, views and event files, and no lock', () => {
    const files = readdirSync(folder)
    expect(files).toEqual(expect.arrayContaining(['run.json', 'metrics.jsonl', 'checkpoints', 'views']))
    expect(files.some((file) => file.includes('tfevents'))).toBe(true)
    expect(files).not.toContain('lock')
    expect(readdirSync(join(folder, 'checkpoints')).sort()).toEqual([
      'round-0001.dalab.safetensors',
      'round-0002.dalab.safetensors',
      'source.dalab.safetensors',
    ])
    expect(readdirSync(join(folder, 'views')).length).toBe(3)
  })

  it('is trained by native TensorFlow in another process', async () => {
    const { record, summary } = await watched.lab.call('run', { run })
    expect(record).toMatchObject({ state: 'finished', rounds: 2, failure: null, parent: null })
    expect(record?.machinery).toMatchObject({
      backend: 'tensorflow',
      tensorflow: expect.stringMatching(/^2\./),
    })
    expect(summary).toMatchObject({ state: 'finished', rounds: 2, epochs: 2, damage: [] })
    const pids = watched.events.flatMap((event) => (event.type === 'progress' ? [event.progress.pid] : []))
    expect(pids.length).toBeGreaterThan(3)
    expect(pids).not.toContain(process.pid)
  })

  it('tells the events that it writes', async () => {
    const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n')
    const written = lines.map((line) => recordedEventSchema.parse(JSON.parse(line)))
    const told = watched.events.flatMap((event) =>
      event.type === 'recorded' && event.run === run ? [event.event] : [],
    )
    expect(told).toEqual(written)
    expect(await watched.lab.call('history', { run })).toEqual(written)
    expect(written.map(({ type }) => type)).toEqual([
      'started',
      'compiled',
      'source-loss',
      'source-done',
      'round',
      'compiled',
      'loss',
      'round',
      'loss',
      'round',
      'finished',
    ])
  })

  it('writes checkpoints that say what they are', async () => {
    const rounds = await watched.lab.call('checkpoints', { run })
    expect(rounds.map(({ round }) => round)).toEqual([null, 1, 2])
    const last = rounds[2]
    const { facts, tensors, origin } = await readCheckpoint(last?.path ?? '')
    expect(origin).toBe('verified')
    expect(facts).toMatchObject({ run, round: 2, experiment: small(onMnist), measures: last?.measures })
    expect(new Set(tensors.map(({ name }) => name.split('.')[0]))).toEqual(
      new Set(['source_encoder', 'classifier', 'target_encoder', 'discriminator']),
    )
    const source = await readCheckpoint(rounds[0]?.path ?? '')
    expect(source.facts?.round).toBeNull()
    expect(source.tensors.some(({ name }) => name.startsWith('target_encoder'))).toBe(false)
  })

  it('draws what it measures', async () => {
    const history = await watched.lab.call('history', { run })
    const view = await watched.lab.call('view', { run, round: 1 })
    const images = await watched.lab.call('viewImages', { run })
    expect(view?.sourceLabels).toHaveLength(200)
    expect(images.source.labels).toEqual(view?.sourceLabels)
    expect(images.target.labels).toEqual(view?.targetLabels)
    const rounds = history.filter((event): event is RoundEvent => event.type === 'round')
    expect(rounds[1]?.verdicts).toHaveLength(100)
    expect(rounds[1]?.verdictsOnSource).toBe(50)
    expect(await watched.lab.call('view', { run, round: 3 })).toBeNull()
  })

  it('cannot be resumed once it is done', async () => {
    await expect(watched.lab.call('resume', { run })).rejects.toMatchObject({ code: 'nothing-to-resume' })
  })

  it('goes on in the same folder when more rounds are asked for', async () => {
    const heard = watched.events.length
    expect(await watched.lab.call('resume', { run, rounds: 3 })).toEqual({ run, folder })
    expect((await watched.ending(run, heard)).type).toBe('finished')
    const { record } = await watched.lab.call('run', { run })
    expect(record?.experiment.adaptation.epochs).toBe(3)
    expect(record?.rounds).toBe(3)
    expect(existsSync(join(folder, 'checkpoints', 'round-0003.dalab.safetensors'))).toBe(true)
  })
})
