import { describe, expect, it } from 'vitest'
import { follow, type Watcher } from '../../../src/cli/follow'
import { secondsIn } from '../../../src/cli/outcome'
import { paceOf, phaseOf } from '../../../src/cli/run-bar'
import { lineOf } from '../../../src/cli/run-lines'
import { seedsText } from '../../../src/cli/seeds'
import type { Lab, LabEvent } from '../../../src/contract/lab'
import type { Progress } from '../../../src/contract/training'
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
    [roundEvent(3, 0.97), 'round 3: target 0.4300 (best pairing 0.5700), held-out target 0.4400, D 0.9700'],
    [{ type: 'finished', time, seconds: 12 }, null],
  ])('say what was recorded', (event, line) => {
    expect(lineOf(event, say)).toBe(line)
  })

  it('say it in Chinese, too', () => {
    expect(lineOf(roundEvent(3, 0.97), wordsIn('zh'))).toBe(
      '第 3 轮：目标域 0.4300（最佳配对 0.5700），留出的目标域图像 0.4400，D 0.9700',
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

/** A lab that sends the given events; the test uses nothing else of it. */
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
    started: ({ run }) => void seen.push(`started ${run}`),
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
    expect(watcher.seen).toEqual(['started a', 'started', 'step 50', 'finished'])
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

const spread = (mean: number, deviation: number | null) => ({
  mean,
  deviation,
  least: mean,
  most: mean,
  interval: { low: 0.9931, high: 0.9972 },
})

describe('several seeds', () => {
  it('are counted by the pairing that they fell to; the target has no mean over both camps', () => {
    const runs = [0.9, 0.2].map((target, seed) => ({
      run: `run-${String(seed)}`,
      seed: String(seed),
      before: 0.5,
      target,
      bestPairing: Math.max(target, 1 - target),
      unseen: null,
      unseenBest: null,
      estimated: null,
      fits: target > 0.5,
    }))
    const text = seedsText(
      {
        runs,
        repeats: [{ run: 'x', counted: 'run-0', seed: '0', outcome: 'same', machinery: [] }],
        camps: { chosen: 1, other: 1 },
        target: null,
        bestPairing: spread(0.85, 0.0707),
        unseen: null,
        unseenBest: spread(0.84, null),
      },
      { say, language: 'en' },
    )
    expect(text).toContain('Seed 0 counts once: x repeats run-0')
    expect(text).toMatch(/mean and standard deviation +- +0\.8500 ± 0\.0707 +- +0\.8400/)
    expect(text).toMatch(/images, 95 % interval +- +0\.9931 … 0\.9972 +- +0\.9931 … 0\.9972/)
    expect(text).toContain('1 of 2 runs follow the chosen pairing, 1 another one.')
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
