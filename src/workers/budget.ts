/** Limits a trainer's messages: at most 20 a second, at most four of them about progress. */

export interface Budget {
  /** Counts a message that is always sent, at `now` (milliseconds). */
  spend(now: number): void
  /** Whether a progress message may be sent now; if so, it is counted. */
  take(now: number): boolean
}

const window = 1000
const most = 20
/** More would be faster than a person can read, and each message costs time on the processor that trains. */
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
