/**
 * Signals as a wish to stop in good order. Ctrl-C pressed again ends the program at once; a closed terminal may say so
 * twice, by the system and by its shell, and nobody is there to press again.
 */
import { constants } from 'os'

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE'

const caught = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What stopped this process first; null while nothing has. */
let stoppedBy: Signal | null = null
/** Stops the work in progress; null where none can be stopped in good order. */
let interrupt: ((signal: Signal) => void) | null = null

/** By convention 128 and the signal's number: 130 for Ctrl-C, 129 for a closed terminal. */
const exitCodeFor = (signal: Signal): number => 128 + constants.signals[signal]

/** Thrown when a signal, or a person by other means, stopped what a command was doing. */
export class Interrupted extends Error {
  readonly exitCode = exitCodeFor(stoppedBy ?? 'SIGINT')
}

/** Whether this program was stopped because its terminal was closed. */
export const isHungUp = (): boolean => stoppedBy === 'SIGHUP'

let isTerminalGone = false

/**
 * Ends this process. Without its terminal it ends by SIGHUP, which a shell reports as 129: `process.exit` gives a
 * terminal its settings back, and Node aborts where there is none any more.
 */
export function endProgram(code: number): void {
  if (isTerminalGone && process.platform !== 'win32') {
    process.removeAllListeners('SIGHUP')
    process.kill(process.pid, 'SIGHUP')
  }
  process.exit(code)
}

/** One key press may arrive twice, from the terminal and again from npm, which passes it on. */
const samePressMs = 500

/** Runs `work`; the first SIGINT, SIGTERM or SIGHUP calls `stop` instead of ending the program. */
export async function interruptible<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  let askedAt: number | null = null
  interrupt = (signal) => {
    // What the shell repeats must not end the program while it closes, after `work`, either.
    if (signal === 'SIGHUP') {
      process.on('SIGHUP', () => undefined)
      isTerminalGone = true
    }
    if (askedAt === null) {
      askedAt = Date.now()
      stoppedBy = signal
      stop()
    } else if (signal !== 'SIGHUP' && signal !== 'SIGPIPE' && Date.now() - askedAt > samePressMs) {
      endProgram(exitCodeFor(signal))
    }
  }
  for (const signal of caught) process.on(signal, interrupt)
  try {
    return await work()
  } finally {
    for (const signal of caught) process.off(signal, interrupt)
    interrupt = null
  }
}

/**
 * What is to be done where nothing that is said arrives any more. `EIO`: the terminal is gone, whose end comes as a
 * signal too. `EPIPE`: no one reads on, as after `| head`, which is no error; a training is stopped, its state saved.
 * @returns whether the error is one of these
 */
export function outliveLostReader({ code }: NodeJS.ErrnoException): boolean {
  if (code === 'EIO') isTerminalGone = true
  else if (code !== 'EPIPE') return false
  else if (interrupt !== null) interrupt('SIGPIPE')
  else if (stoppedBy === null) process.exit(exitCodeFor('SIGPIPE'))
  return true
}
