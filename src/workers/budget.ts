/** How much may be said: at most 20 messages a second, of which those about progress leave room for the others. */

export interface Budget {
  /** Counts a message that is sent in any case, at `now` (milliseconds). */
  spend(now: number): void
  /** Whether progress may be told now; if so, it counts as sent. */
  take(now: number): boolean
}

const window = 1000
const mostProgress = 16
const least = 50

export function createBudget(): Budget {
  let sent: number[] = []

  function spend(now: number): void {
    sent = [...sent.filter((at) => at > now - window), now]
  }

  return {
    spend,
    take(now) {
      const last = sent[sent.length - 1]
      const recent = sent.filter((at) => at > now - window).length
      if (recent >= mostProgress || (last !== undefined && now - last < least)) return false
      spend(now)
      return true
    },
  }
}
