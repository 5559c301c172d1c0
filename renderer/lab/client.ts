/** The lab as the page sees it: the same commands, events and file actions on every host. */
import type { InjectionKey } from 'vue'
import type { z } from 'zod'
import { fromErrorMessage, labError } from '../../src/contract/errors'
import type { HostRequest, Reply } from '../../src/contract/host'
import {
  commands,
  labEventSchema,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type Lab,
  type LabEvent,
} from '../../src/contract/lab'
import { raw } from './raw'

/** `refused`: the host does not accept the page's token, so nothing will work until it is opened anew. */
export type Connection = 'up' | 'lost' | 'refused'

/** What differs between a desktop and a browser when files come in or go out. */
export interface Files {
  /** Lets the user choose; the path on the lab's machine, null when cancelled. */
  pick(what: 'file' | 'folder'): Promise<string | null>
  /** Takes dropped files; the path on the lab's machine. */
  bring(dropped: readonly BroughtFile[]): Promise<string>
  /** Writes a checkpoint where the user wants it; false when cancelled. */
  exportCheckpoint(checkpoint: string, format: ExportFormat, suggestedName: string): Promise<boolean>
  /** Null where there is no file manager. */
  readonly showInFolder: ((path: string) => void) | null
  readonly openLogs: (() => void) | null
}

/** `name` keeps the folders inside a dropped folder. */
export interface BroughtFile {
  readonly file: File
  readonly name: string
}

export type ExportFormat = CommandInput<'export'>['format']

export interface Host {
  readonly lab: Lab
  readonly files: Files
  /** The lab's own version. */
  readonly version: string
  readonly versions: Readonly<Record<string, string>>
  /** Calls the listener at once with the present state, then at every change. */
  onConnection(listener: (state: Connection) => void): () => void
  onRequest(listener: (request: HostRequest) => void): () => void
}

export const hostKey: InjectionKey<Host> = Symbol('host')

/** Carries one call; everything around it is the same on each host. */
export type Carry = (name: CommandName, input: unknown) => Promise<Reply>

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`
}

/** A typed `call` on top of a carrier: plain copies go out, what comes back is checked. */
export function callThrough(carry: Carry): Lab['call'] {
  return async <K extends CommandName>(name: K, input: CommandInput<K>): Promise<CommandOutput<K>> => {
    const reply = await carry(name, raw(input))
    if ('error' in reply) throw fromErrorMessage(reply.error)
    const checked = commands[name].output.safeParse(reply.ok)
    if (!checked.success)
      throw labError('contract-violation', { where: name, problem: firstProblem(checked.error) })
    return checked.data as CommandOutput<K>
  }
}

/** An event that fits the contract, else null; one that does not is reported and dropped. */
export function checkedEvent(message: unknown): LabEvent | null {
  const checked = labEventSchema.safeParse(message)
  if (checked.success) return checked.data
  // For whoever looks into it; the user can do nothing about it.
  // eslint-disable-next-line no-console
  console.warn(`An event that does not fit the contract was dropped: ${firstProblem(checked.error)}`)
  return null
}
