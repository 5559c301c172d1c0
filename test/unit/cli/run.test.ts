import { describe, expect, it } from 'vitest'
import { follow, type Watcher } from '../../../src/cli/follow'
import { secondsIn, type Outcome } from '../../../src/cli/outcome'
import { paceOf, phaseOf } from '../../../src/cli/run-bar'
import { lineOf } from '../../../src/cli/run-lines'
import { seedsText, summaryOf } from '../../../src/cli/seeds'
import { spreadOf } from '../../../src/statistics/spread'
import type { Lab, LabEvent, Progress } from '../../../src/contract/lab'
import type { Accuracies, RecordedEvent, RoundEvent } from '../../../src/contract/record'
import { wordsIn } from '../../../src/language/words'

const time = '2026-01-02T03:04:05.000Z'
const say = wordsIn('en')

function accuraciesOf(accuracy: number, best: number): Accuracies {
  return {
    accuracy,
    accuracyBestPairing: best,
    bestPairing: [0, 1],
    perClass: [accuracy, accuracy],
    confusion: [
      [1, 0],
      [0, 1],
    ],
    count: 2,
  }
}

function roundEvent(round: number, discriminatorAccuracy: number | null): RoundEvent {
  return {
    type: 'round',
    time,
    round,
    losses: {},
    measures: {
      source: accuraciesOf(0.9985, 0.9985),
      target: accuraciesOf(0.43, 0.57),
      unseenTarget: round === 0 ? null : accuraciesOf(0.44, 0.56),
      discriminatorAccuracy,
      sourceCalledSource: null,
      targetCalledSource: null,
      histogram: null,
      proxyADistance: 1.5,
      mmd: 0.1,
    },
    verdicts: null,
    verdictsOnSource: null,
    seconds: 4,
    pairsPerSecond: 2500,
  }
}

describe('the lines of a run', () => {
  it.each<[RecordedEvent, string | null]>([
    [
      { type: 'source-loss', time, epoch: 1, step: 100, steps: 200, loss: 0.123456 },
      'source stage, epoch 1, step 100/200: loss 0.12346',
    ],
    [
      { type: 'source-done', time, seconds: 3.21, imagesPerSecond: 4512.3 },
      'source stage done in 3.2 s, 4512 images/s',
    ],
    [
      { type: 'loss', time, round: 2, step: 100, steps: 200, losses: { D: 0.693147, MT: 0.7 } },
      'round 2, step 100/200: D 0.69315  MT 0.70000',
    ],
    [roundEvent(0, null), 'before adaptation: source 0.9985, target 0.4300 (best pairing 0.5700)'],
    [roundEvent(3, 0.97), 'round 3: target 0.4300 (best pairing 0.5700), unseen target 0.4400, D 0.9700'],
    [{ type: 'finished', time, seconds: 12 }, null],
  ])('say what was recorded', (event, line) => {
    expect(lineOf(event, say)).toBe(line)
  })

  it('say it in Chinese, too', () => {
    expect(lineOf(roundEvent(3, 0.97), wordsIn('zh'))).toBe(
      '第 3 轮：目标域 0.4300（最佳配对 0.5700），未见过的目标域图像 0.4400，D 0.9700',
    )
  })
})

const progress: Progress = {
  phase: 'adaptation',
  round: 3,
  rounds: 40,
  step: 50,
  steps: 200,
  losses: {},
  perSecond: 1843.2,
  secondsLeft: 190,
  pid: 1,
}

describe('the bar of a run', () => {
  it('names the phase, the rate and the time left', () => {
    expect(phaseOf(progress, say)).toBe('round 3/40')
    expect(paceOf(progress, say)).toBe('1843 pairs/s  3 min 10 s left')
    expect(paceOf({ ...progress, phase: 'source' }, say)).toBe('1843 images/s  3 min 10 s left')
    expect(paceOf({ ...progress, perSecond: null, secondsLeft: null }, say)).toBe('')
    expect(phaseOf({ ...progress, phase: 'measuring' }, say)).toBe('measuring after round 3')
    expect(paceOf({ ...progress, phase: 'measuring' }, say)).toBe('3 min 10 s left')
  })
})

/** A lab that says what it is told to; only its events are of interest here. */
function sayingLab() {
  const listeners = new Set<(event: LabEvent) => void>()
  const lab: Lab = {
    call: () => Promise.reject(new Error('not asked here')),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { lab, listeners, emit: (event: LabEvent) => listeners.forEach((listener) => listener(event)) }
}

function recorder(): Watcher & { readonly seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    begun: ({ run }) => void seen.push(`begun ${run}`),
    progress: ({ step }) => void seen.push(`step ${String(step)}`),
    recorded: ({ type }) => void seen.push(type),
  }
}

describe('following a run', () => {
  const started: RecordedEvent = { type: 'started', time, resumedFrom: null }
  const finished: RecordedEvent = { type: 'finished', time, seconds: 1 }

  it('passes on what came before the run had a name, in order, and of other runs nothing', async () => {
    const { lab, listeners, emit } = sayingLab()
    const watcher = recorder()
    const followed = await follow(
      lab,
      () => {
        emit({ type: 'recorded', run: 'a', event: started })
        emit({ type: 'recorded', run: 'b', event: finished })
        queueMicrotask(() => {
          setTimeout(() => {
            emit({ type: 'progress', run: 'a', progress })
            emit({ type: 'runs-changed' })
            emit({ type: 'recorded', run: 'a', event: finished })
          })
        })
        return Promise.resolve({ run: 'a', folder: '/a' })
      },
      watcher,
    )
    expect(followed).toEqual({ run: 'a', folder: '/a', ending: finished })
    expect(watcher.seen).toEqual(['begun a', 'started', 'step 50', 'finished'])
    expect(listeners.size).toBe(0)
  })

  it('stops listening when the run is refused', async () => {
    const { lab, listeners } = sayingLab()
    await expect(follow(lab, () => Promise.reject(new Error('refused')), recorder())).rejects.toThrow(
      'refused',
    )
    expect(listeners.size).toBe(0)
  })
})

function outcome(seed: number, before: number, best: number, chosenPairingFits: boolean): Outcome {
  return {
    run: `/runs/${String(seed)}`,
    id: String(seed),
    state: 'finished',
    seed,
    sourceAccuracy: 0.998,
    targetAccuracyBefore: before,
    targetAccuracy: chosenPairingFits ? best : 1 - best,
    targetAccuracyBestPairing: best,
    unseenTargetAccuracy: null,
    discriminatorAccuracy: null,
    labelFree: null,
    attempts: [],
    chosenPairingFits,
    rounds: 1,
    seconds: 1,
    checkpoints: [],
  }
}

describe('several seeds', () => {
  it('are spread about a mean with the deviation of a sample', () => {
    expect(spreadOf([1, 2, null, 3])).toEqual({ mean: 2, deviation: 1, least: 1, most: 3 })
    expect(spreadOf([0.5])).toEqual({ mean: 0.5, deviation: null, least: 0.5, most: 0.5 })
    expect(spreadOf([null])).toBeNull()
  })

  it('are counted by the pairing that they fell to; the target has no mean over both camps', () => {
    const outcomes = [outcome(0, 0.4, 0.9, true), outcome(1, 0.5, 0.8, false), outcome(2, 0.6, 0.7, false)]
    const summary = summaryOf(outcomes)
    expect(summary).toMatchObject({ chosenPairing: 1, otherPairing: 2 })
    expect(summary.targetAccuracyBefore?.mean).toBeCloseTo(0.5, 12)
    const text = seedsText(outcomes, summary, say)
    expect(text).toContain('0.5000 ± 0.1000')
    expect(text).toContain('With the pairing that was chosen 1, with another one 2 of 3 runs.')
    expect(text.split('\n')).toHaveLength(6)
  })
})

describe('the seconds of a run', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds).toISOString()
  const started = (seconds: number): RecordedEvent => ({
    type: 'started',
    time: at(seconds),
    resumedFrom: null,
  })

  it('are those at work, without the time between a stop and the next start', () => {
    expect(
      secondsIn([
        started(0),
        { type: 'stopped', time: at(10), round: 1, step: 3 },
        started(100),
        { type: 'finished', time: at(107), seconds: 7 },
      ]),
    ).toBe(17)
    expect(secondsIn([])).toBe(0)
  })

  it('are without those of the parent, whose events a run may have taken over', () => {
    const inherited: RecordedEvent = { type: 'source-done', time: at(0), seconds: 3, imagesPerSecond: 1 }
    expect(secondsIn([inherited, started(50), { type: 'finished', time: at(55), seconds: 5 }])).toBe(5)
  })
})
