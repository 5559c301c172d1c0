/**
 * Stops the program's work on a signal. Ctrl-C pressed again ends the program at once. SIGHUP does not, because a
 * closed terminal can send it twice, through the system and through its shell.
 */
import { constants } from 'os'

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE'

const caught = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The signal that stopped this process first; null if there was none. */
let stoppedBy: Signal | null = null
/** Stops the work in progress; null if no work can be stopped. */
let interrupt: ((signal: Signal) => void) | null = null

/** By convention 128 plus the signal's number: 130 for Ctrl-C, 129 for a closed terminal. */
const exitCodeFor = (signal: Signal): number => 128 + constants.signals[signal]

/** Thrown when a signal, or the user by other means, has stopped a command. */
export class Interrupted extends Error {
  readonly exitCode = exitCodeFor(stoppedBy ?? 'SIGINT')
}

/** Thrown after the answer of a command that did all it could, but not everything. */
export class PartlyDone extends Error {
  readonly exitCode = 3
}

/** Whether this program was stopped by the closing of its terminal. */
export const isHungUp = (): boolean => stoppedBy === 'SIGHUP'

let isTerminalGone = false

/**
 * Ends this process. If its terminal is closed, it ends by SIGHUP, which a shell reports as 129: `process.exit`
 * restores the settings of the terminal, and Node aborts if the terminal no longer exists.
 */
export function endProgram(code: number): void {
  if (isTerminalGone && process.platform !== 'win32') {
    process.removeAllListeners('SIGHUP')
    process.kill(process.pid, 'SIGHUP')
  }
  process.exit(code)
}

/** One key press can arrive twice: from the terminal, and from npm, which forwards it. */
const samePressMs = 500

/** Runs `work`; the first SIGINT, SIGTERM or SIGHUP calls `stop` instead of ending the program. */
export async function interruptible<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  let askedAt: number | null = null
  interrupt = (signal) => {
    // A second SIGHUP from the shell must not end the program, even while it closes after `work`.
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
 * Handles output that can no longer be written. `EIO`: the terminal is closed, which also sends a signal. `EPIPE`: the
 * reader has ended, as after `| head`, which is no error; a training is stopped with its state saved.
 * @returns whether the error is one of these
 */
export function outliveLostReader({ code }: NodeJS.ErrnoException): boolean {
  if (code === 'EIO') isTerminalGone = true
  else if (code !== 'EPIPE') return false
  else if (interrupt !== null) interrupt('SIGPIPE')
  else if (stoppedBy === null) process.exit(0)
  return true
}
