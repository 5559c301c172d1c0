/** What each file in `commands` receives when the program registers its command. */
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
  /** The folder of the bundled programs, such as trainer.cjs. */
  readonly programs: string
  /** A Python interpreter with PyTorch, for comparing speed; null if none is installed. */
  readonly peer: string | null
  /** Wraps the work of a command: opens the context before it and closes it afterwards. */
  withLab<A extends unknown[]>(work: Work<A>): (...args: A) => Promise<void>
}
