/** The stores with a host that answers from fixtures. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isReactive } from 'vue'
import { labError } from '../../src/contract/errors'
import { labelFreeScores, type RecordedEvent } from '../../src/contract/record'
import { matches, ordered } from '../../renderer/checkpoints/run-list'
import { raw } from '../../renderer/lab/raw'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import { useNotices } from '../../renderer/stores/notices'
import { useRuns } from '../../renderer/stores/runs'
import { useSettings } from '../../renderer/stores/settings'
import { gatherHistory, type History } from '../../renderer/stores/history'
import { figureOf, histogramOf } from '../../renderer/stores/round-figures'
import { useWatched } from '../../renderer/stores/watched'
import { paced, redrawInterval } from '../../renderer/theme/pace'
import { labelFree } from '../label-free'
import * as fixtures from './fixtures'
import { createHost, inApp } from './host'

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})
afterEach(() => {
  vi.useRealTimers()
})

async function experimentWith(host = createHost()) {
  const stores = inApp(host, () => ({ catalogue: useCatalogue(), experiment: useExperiment() }))
  await stores.catalogue.load()
  stores.experiment.usePreset(fixtures.preset)
  return { ...stores, host }
}

describe('the experiment in the form', () => {
  it('takes a preset without sharing it', async () => {
    const { experiment } = await experimentWith()
    experiment.draft.source.classes.push('7')
    experiment.draft.seed = 9
    expect(fixtures.preset.experiment.source.classes).toEqual(['0', '1'])
    expect(fixtures.preset.experiment.seed).toBe(0)
  })

  it('turns the pairing round, and back', async () => {
    const { experiment } = await experimentWith()
    experiment.turnPairing()
    expect(experiment.draft.pairing).toEqual([1, 0])
    experiment.turnPairing()
    expect(experiment.draft.pairing).toEqual([0, 1])
  })

  it('keeps the pairing one to one, whatever is done to it', async () => {
    const { experiment } = await experimentWith()
    experiment.setClasses('source', ['0', '1', '4'])
    experiment.setClasses('target', ['2', '3', '5'])
    expect([...experiment.draft.pairing].sort()).toEqual([0, 1, 2])
    experiment.pair(0, 2)
    expect(experiment.draft.pairing[0]).toBe(2)
    expect([...experiment.draft.pairing].sort()).toEqual([0, 1, 2])
    experiment.setClasses('source', ['0', '1'])
    experiment.setClasses('target', ['2', '3'])
    expect([...experiment.draft.pairing].sort()).toEqual([0, 1])
  })

  it('says which field breaks which rule', async () => {
    const { experiment } = await experimentWith()
    experiment.draft.adaptation.learningRate = 0
    experiment.draft.sourceStage.batch = 2.5
    experiment.draft.seed = Number.NaN
    experiment.setParameter('weight', 7)
    expect(experiment.problems.get('adaptation.learningRate')).toMatchObject({
      code: 'out-of-range',
      params: { least: 1e-9 },
    })
    expect(experiment.problems.get('sourceStage.batch')).toMatchObject({
      code: 'wrong-type',
      params: { expected: 'integer' },
    })
    expect(experiment.problems.get('seed')).toMatchObject({ code: 'out-of-range', params: { value: 'NaN' } })
    expect(experiment.problems.get('adaptation.parameters.weight')).toMatchObject({
      code: 'out-of-range',
      params: { most: 1 },
    })
    expect(experiment.valid).toBe(false)
  })

  it('asks the lab when typing pauses, and shows what it refuses', async () => {
    const refused = createHost({
      check: () => {
        throw labError('count-too-large', { domain: 'source', asked: 999, available: 100 })
      },
    })
    const { experiment, host } = await experimentWith(refused)
    experiment.draft.name = 'a'
    experiment.draft.name = 'ab'
    await vi.advanceTimersByTimeAsync(1000)
    expect(experiment.refusal?.code).toBe('count-too-large')
    expect(host.calls.filter(({ name }) => name === 'check').length).toBe(1)
    expect(host.calls.some(({ name }) => name === 'estimate')).toBe(false)
  })

  it('sends plain values: a Proxy cannot cross to Electron', async () => {
    const { experiment, host } = await experimentWith()
    await vi.advanceTimersByTimeAsync(1000)
    const sent = host.calls.find(({ name }) => name === 'check')?.input as { experiment: object }
    expect(isReactive(sent.experiment)).toBe(false)
    expect(() => structuredClone(sent)).not.toThrow()
    expect(experiment.estimate?.bytes).toBe(270e6)
    const nested = raw({ draft: experiment.draft })
    expect(() => structuredClone(nested)).not.toThrow()
  })

  it('brings a method with its declared initial values', async () => {
    const { experiment } = await experimentWith()
    experiment.setMethod('adda')
    expect(experiment.draft.adaptation.parameters).toEqual({ weight: 0.5, rule: 'soft', shared: true })
  })

  it('holds the schedule of a weight only where it differs from the declared one', async () => {
    const { experiment } = await experimentWith()
    expect(experiment.weightSchedules).toEqual({ weight: 'logistic' })
    experiment.setWeightSchedule('weight', 'linear')
    expect(experiment.weightSchedules).toEqual({ weight: 'linear' })
    expect(experiment.draft.adaptation.weightSchedules).toEqual({ weight: 'linear' })
    experiment.setWeightSchedule('weight', 'logistic')
    expect(experiment.draft.adaptation.weightSchedules).toEqual({})
    experiment.setWeightSchedule('weight', 'linear')
    experiment.setMethod('adda')
    expect(experiment.draft.adaptation.weightSchedules).toEqual({})
  })
})

function historyOf(events: readonly RecordedEvent[]): History {
  const gathered = gatherHistory()
  for (const event of events) gathered.add(event)
  return gathered.now()
}

describe('the run on show', () => {
  const open = async (host = createHost()) => {
    const stores = inApp(host, () => ({ watched: useWatched(), runs: useRuns(), catalogue: useCatalogue() }))
    host.lab.subscribe((event) => stores.watched.receive(event))
    await stores.catalogue.load()
    await stores.runs.load()
    await stores.watched.open(fixtures.runId)
    await vi.advanceTimersByTimeAsync(10)
    return { ...stores, host }
  }

  it('reads history and the newest round’s view', async () => {
    const { watched } = await open()
    expect(watched.history.rounds.map(({ round }) => round)).toEqual([0, 1, 2, 3])
    expect(watched.shownRound).toBe(3)
    expect(watched.view?.round).toBe(3)
    expect(watched.images).not.toBeNull()
  })

  it('scrubs back to a round, and stays there while new ones come', async () => {
    const { watched, host } = await open()
    watched.chosenRound = 1
    await vi.advanceTimersByTimeAsync(10)
    expect(watched.view?.round).toBe(1)
    host.send({ type: 'recorded', run: fixtures.runId, event: fixtures.roundEvent(4) })
    await vi.advanceTimersByTimeAsync(500)
    expect(watched.lastRound).toBe(4)
    expect(watched.shown?.round).toBe(1)
    watched.chosenRound = null
    await vi.advanceTimersByTimeAsync(10)
    expect(watched.view?.round).toBe(4)
  })

  it('shows a run that ends with its last round, without waiting for the pace', async () => {
    const { watched, host } = await open()
    const event = (number: number) => fixtures.roundEvent(number)
    host.send({ type: 'recorded', run: fixtures.runId, event: event(4) })
    await vi.advanceTimersByTimeAsync(10)
    host.send({ type: 'recorded', run: fixtures.runId, event: event(5) })
    expect(watched.lastRound).toBe(4)
    host.send({
      type: 'recorded',
      run: fixtures.runId,
      event: { type: 'finished', time: event(5).time, seconds: 1 },
    })
    expect(watched.lastRound).toBe(5)
  })

  it('keeps what comes while the past is read, once, and after what was before', async () => {
    let answer: (past: RecordedEvent[]) => void = () => undefined
    const asked = new Promise<RecordedEvent[]>((resolve) => (answer = resolve))
    const host = createHost({ history: () => asked })
    const { watched } = inApp(host, () => ({ watched: useWatched() }))
    host.lab.subscribe((event) => watched.receive(event))
    const opening = watched.open(fixtures.runId)
    await vi.advanceTimersByTimeAsync(10)
    const sourceLoss = { type: 'source-loss', time: '', epoch: 1, step: 2, steps: 2, loss: 0.25 } as const
    host.send({ type: 'recorded', run: fixtures.runId, event: sourceLoss })
    host.send({ type: 'recorded', run: fixtures.runId, event: fixtures.roundEvent(4) })
    answer([...fixtures.history(3), sourceLoss])
    await opening
    expect(watched.history.rounds.map(({ round }) => round)).toEqual([0, 1, 2, 3, 4])
    expect(watched.history.sourceLosses.map(({ loss }) => loss)).toEqual([0.5, 0.25])
  })

  it('shows what comes after a past that cannot be read', async () => {
    const stores = inApp(
      createHost({
        history: () => {
          throw labError('no-permission', { path: 'metrics.jsonl' })
        },
      }),
      () => ({ watched: useWatched() }),
    )
    await expect(stores.watched.open(fixtures.runId)).rejects.toThrow()
    stores.watched.receive({ type: 'recorded', run: fixtures.runId, event: fixtures.roundEvent(1) })
    await vi.advanceTimersByTimeAsync(redrawInterval)
    expect(stores.watched.history.rounds.map(({ round }) => round)).toEqual([1])
  })

  it('holds of a round no table by class: a run of thousands of rounds is looked at for hours', () => {
    const { rounds } = historyOf(fixtures.history(1))
    expect(JSON.stringify(rounds)).not.toMatch(/confusion|perClass/)
  })

  it('knows each figure of a round by its name, and which there are not', () => {
    const [, first] = historyOf(fixtures.history(1)).rounds
    expect(first && figureOf(first, 'targetAccuracy')).toBe(0.5)
    expect(first && figureOf(first, 'sourceCalledSource')).toBe(0.9)
    expect(first && figureOf(first, 'agreement')).toBeNull()
    const event = fixtures.roundEvent(1)
    const [scored] = historyOf([{ ...event, measures: { ...event.measures, labelFree } }]).rounds
    for (const score of labelFreeScores) expect(scored && figureOf(scored, score)).toBe(labelFree[score])
  })

  it('holds long lists as text, and reads a histogram for the round that is looked at', () => {
    const [before, first] = historyOf(fixtures.history(1)).rounds
    expect(before?.verdicts).toBeNull()
    expect(first?.verdicts).toBe('00100111')
    expect(first && histogramOf(first)).toEqual({ source: [0, 1, 3, 6], target: [5, 3, 1, 1] })
  })

  it('ignores the events of other runs', async () => {
    const { watched, host } = await open()
    host.send({ type: 'recorded', run: 'another', event: fixtures.roundEvent(4) })
    await vi.advanceTimersByTimeAsync(500)
    expect(watched.lastRound).toBe(3)
  })

  it('asks again for a view that is not written yet', async () => {
    let asked = 0
    const { watched } = await open(
      createHost({ view: ({ round }) => (++asked < 2 ? null : fixtures.view(round)) }),
    )
    expect(watched.view).toBeNull()
    await vi.advanceTimersByTimeAsync(600)
    expect(watched.view?.round).toBe(3)
  })

  it('counts the later line of a round that was done twice', () => {
    const again = { ...fixtures.roundEvent(1), verdictsOnSource: 9 }
    const { rounds } = historyOf([...fixtures.history(2), again])
    expect(rounds.map(({ round }) => round)).toEqual([0, 1, 2])
    expect(rounds[1]?.onSource).toBe(9)
  })

  it('puts what comes late at its place, and forgets an attempt that starts over', () => {
    const loss = (round: number, step: number) =>
      ({ type: 'loss', time: '', round, step, steps: 2, losses: { D: round } }) as const
    const late = [loss(1, 2), loss(2, 1), loss(1, 1), loss(2, 1), ...[2, 0, 1].map(fixtures.roundEvent)]
    const { losses, rounds } = historyOf(late)
    expect(losses.map(({ round, step }) => [round, step])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ])
    expect(rounds.map(({ round }) => round)).toEqual([0, 1, 2])
    const over = {
      attempt: 1,
      seed: 0,
      mutualInformation: 0.1,
      agreement: 0.5,
      verdict: 'restarted',
    } as const
    const attempt = { type: 'attempt', time: '', measures: fixtures.measures(0), ...over } as const
    const again = historyOf([...late, attempt, fixtures.roundEvent(0)])
    expect([again.rounds.length, again.losses.length, again.attempts.length]).toEqual([1, 0, 1])
  })

  it('knows why a run failed, and that one that went on did not', () => {
    const failed = {
      type: 'failed',
      time: '',
      code: 'worker-died',
      params: { worker: 'trainer', signal: 'SIGKILL' },
    } as const
    expect(historyOf([...fixtures.history(1), failed]).failure?.code).toBe('worker-died')
    const resumed = { type: 'started', time: '', resumedFrom: { round: 1, step: 0 } } as const
    expect(historyOf([...fixtures.history(1), failed, resumed]).failure).toBeNull()
  })
})

describe('runs in the list', () => {
  const other = {
    ...fixtures.summary,
    id: 'b',
    name: 'USPS',
    tags: [],
    note: '',
    method: 'dann',
    targetAccuracy: null,
  }

  it('is found by words anywhere and by tags', () => {
    expect(matches(fixtures.summary, 'digits FIRST')).toBe(true)
    expect(matches(fixtures.summary, '#pap')).toBe(true)
    expect(matches(fixtures.summary, '#digits')).toBe(false)
    expect(matches(other, 'digits')).toBe(false)
    expect(matches(other, '')).toBe(true)
  })

  it('is sorted by any column, runs without the figure last either way', () => {
    const third = { ...fixtures.summary, id: 'c', targetAccuracy: 0.9 }
    const ids = (descending: boolean) =>
      ordered([fixtures.summary, other, third], { key: 'targetAccuracy', descending }).map(({ id }) => id)
    expect(ids(false)).toEqual([fixtures.runId, 'c', 'b'])
    expect(ids(true)).toEqual(['c', fixtures.runId, 'b'])
  })
})

describe('settings', () => {
  it('show a choice before it is kept, and what was before where it is refused', async () => {
    const refuse = () => {
      throw labError('no-permission', { path: '/config' })
    }
    const settings = inApp(createHost({ changeSettings: refuse }), () => useSettings())
    await settings.load()
    const changed = settings.change({ theme: 'dark' })
    expect(settings.theme).toBe('dark')
    await expect(changed).rejects.toMatchObject({ code: 'no-permission' })
    expect(settings.theme).toBe('light')
  })

  it('show the last of two choices, whenever the first one is written', async () => {
    const written: (() => void)[] = []
    const changeSettings = (some: object) =>
      new Promise((resolve) => written.push(() => resolve({ ...settings.settings, ...some })))
    const settings = inApp(createHost({ changeSettings: changeSettings as never }), () => useSettings())
    await settings.load()
    const changes = [settings.change({ language: 'zh' }), settings.change({ language: 'en' })]
    while (written.length < 2) await Promise.resolve()
    written[0]?.()
    await changes[0]
    expect(settings.language).toBe('en')
    written[1]?.()
    await Promise.all(changes)
    expect(settings.language).toBe('en')
  })
})

describe('pace', () => {
  it('redraws at once, then at most once in an interval, and once more at the end', () => {
    const redraw = vi.fn()
    const request = paced(redraw)
    request()
    vi.advanceTimersByTime(0)
    expect(redraw).toHaveBeenCalledTimes(1)
    for (let ms = 0; ms < 8 * redrawInterval; ms += 10) {
      request()
      vi.advanceTimersByTime(10)
    }
    expect(redraw.mock.calls.length).toBeLessThanOrEqual(9)
    expect(redraw.mock.calls.length).toBeGreaterThanOrEqual(8)
    vi.advanceTimersByTime(1000)
    const after = redraw.mock.calls.length
    vi.advanceTimersByTime(1000)
    expect(redraw).toHaveBeenCalledTimes(after)
  })

  it('waits while the page is hidden', () => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    const redraw = vi.fn()
    paced(redraw)()
    vi.advanceTimersByTime(1000)
    expect(redraw).not.toHaveBeenCalled()
    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    expect(redraw).toHaveBeenCalledTimes(1)
    hidden.mockRestore()
  })
})

describe('notices', () => {
  it('says a problem once, keeps it, and lets good news go', async () => {
    const notices = inApp(createHost(), useNotices)
    const fail = (run: string) => () => Promise.reject(labError('run-running', { run }))
    await notices.attempt('start', fail('b'))
    await notices.attempt('start', fail('a'))
    await notices.attempt('stop', fail('a'))
    notices.say(() => 'done')
    expect(notices.notices.length).toBe(2)
    vi.advanceTimersByTime(60_000)
    expect(notices.notices.map(({ error }) => error?.code)).toEqual(['run-running'])
  })
})
