/** Ctrl-C as a wish to stop in good order; the second one ends the program at once, as it always would. */

/** Thrown when a person stopped what a command was doing; the program ends with exit code 130. */
export class Interrupted extends Error {}

export const interruptedCode = 130

/** One key press may arrive twice, from the terminal and again from npm, which passes it on. */
const samePressMs = 500

/** Runs `work`; the first SIGINT or SIGTERM calls `stop` instead of ending the program. */
export async function interruptible<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  let askedAt: number | null = null
  const interrupt = (): void => {
    if (askedAt === null) {
      askedAt = Date.now()
      stop()
    } else if (Date.now() - askedAt > samePressMs) process.exit(interruptedCode)
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await work()
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
