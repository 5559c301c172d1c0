/** What every command file receives, and how the commands are assembled. */
import type { GuardedLab } from '../contract/answer'
import type { Say } from '../language/words'
import type { Terminal } from './terminal'

/** The lab and the terminal while one command runs. */
export interface CommandContext {
  readonly lab: GuardedLab
  readonly terminal: Terminal
}

type Work<A extends unknown[]> = (context: CommandContext, ...args: A) => Promise<void>

export interface CommandEnvironment {
  readonly say: Say
  /** The folder of the lab's programs. */
  readonly programs: string
  /** A Python interpreter with PyTorch, for comparing speeds; null if there is none. */
  readonly peer: string | null
  /** Wraps the work of a command: opens the context before it and closes it afterwards. */
  withLab<A extends unknown[]>(work: Work<A>): (...args: A) => Promise<void>
}
