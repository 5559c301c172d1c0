/** How fast this machine is, as runs have told: what the time beside Start rests on. Nothing is guessed. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { RecordedEvent, RoundEvent } from '../../src/contract/record'
import { rememberedSpeeds, rememberSpeeds, type Speeds } from './preferences'

/** What the events of one run of `method` tell, in their order. */
export function speedsOf(method: string, events: readonly RecordedEvent[]): Speeds {
  const speeds: Speeds = { pairsPerSecond: {} }
  let before: RoundEvent | null = null
  for (const event of events) {
    if (event.type === 'source-done' && event.imagesPerSecond > 0)
      speeds.imagesPerSecond = event.imagesPerSecond
    if (event.type !== 'round') continue
    if (event.pairsPerSecond !== null && event.pairsPerSecond > 0)
      speeds.pairsPerSecond[method] = event.pairsPerSecond
    const measured = before?.round === event.round - 1 ? measuredPerSecond(before, event) : null
    // Where it paused or was resumed meanwhile, it took longer: the fastest counts.
    if (measured !== null) speeds.measuredPerSecond = Math.max(measured, speeds.measuredPerSecond ?? 0)
    before = event
  }
  return speeds
}

/** Images of both domains a second in what lies between two rounds beside the training itself. */
function measuredPerSecond(before: RoundEvent, round: RoundEvent): number | null {
  const seconds = (Date.parse(round.time) - Date.parse(before.time)) / 1000 - round.seconds
  const images = round.measures.source.count + round.measures.target.count
  return seconds > 0 && images > 0 ? images / seconds : null
}

export const useSpeeds = defineStore('speeds', () => {
  const speeds = shallowRef(rememberedSpeeds())

  function keep(now: Speeds): void {
    speeds.value = now
    rememberSpeeds(now)
  }

  /** What is told now counts before what was known. */
  function learn(method: string, events: readonly RecordedEvent[]): void {
    const found = speedsOf(method, events)
    const fastest = Math.max(found.measuredPerSecond ?? 0, speeds.value.measuredPerSecond ?? 0)
    keep({ ...joined(speeds.value, found), ...(fastest > 0 ? { measuredPerSecond: fastest } : {}) })
  }

  /** Of a run that was trained some time ago, only what is not known yet. */
  function learnFromPast(method: string, events: readonly RecordedEvent[]): void {
    keep(joined(speedsOf(method, events), speeds.value))
  }

  return { speeds, learn, learnFromPast }
})

function joined(some: Speeds, stronger: Speeds): Speeds {
  return {
    ...some,
    ...stronger,
    pairsPerSecond: { ...some.pairsPerSecond, ...stronger.pairsPerSecond },
  }
}
