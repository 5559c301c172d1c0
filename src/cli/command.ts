/** What every command file is given, and how it is put together. */
import type { GuardedLab } from '../contract/answer'
import type { Say } from '../language/words'
import type { Terminal } from './terminal'

/** A lab and a terminal for as long as one command runs. */
export interface CommandContext {
  readonly lab: GuardedLab
  readonly terminal: Terminal
}

type Work<A extends unknown[]> = (context: CommandContext, ...args: A) => Promise<void>

export interface CommandEnvironment {
  readonly say: Say
  /** The folder of the lab's programs. */
  readonly programs: string
  /** The Python that has PyTorch, to compare speeds with; null where there is none. */
  readonly peer: string | null
  /** Wraps a command's work: opens the context before it and closes it after. */
  withLab<A extends unknown[]>(work: Work<A>): (...args: A) => Promise<void>
}
