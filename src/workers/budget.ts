/** How much may be said: at most 20 messages a second, of which four may be about progress. */

export interface Budget {
  /** Counts a message that is sent in any case, at `now` (milliseconds). */
  spend(now: number): void
  /** Whether progress may be told now; if so, it counts as sent. */
  take(now: number): boolean
}

const window = 1000
const most = 20
/** Whoever reads them reads no faster, and each is work for the processor that trains. */
const betweenProgress = 250

export function createBudget(): Budget {
  let sent: number[] = []
  let lastProgress = -Infinity

  function spend(now: number): void {
    sent = [...sent.filter((at) => at > now - window), now]
  }

  return {
    spend,
    take(now) {
      const recent = sent.filter((at) => at > now - window).length
      if (recent >= most || now - lastProgress < betweenProgress) return false
      lastProgress = now
      spend(now)
      return true
    },
  }
}
