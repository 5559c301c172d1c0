/** The lab as seen from the page: the same commands, events and file actions on every host. */
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
import type { Note } from '../../src/contract/note'
import { raw } from './raw'

/** `refused`: the host rejects the page's token; nothing works until the page is opened with a new one. */
export type Connection = 'up' | 'lost' | 'refused'

/** File actions, which differ between desktop and browser. */
export interface Files {
  /** Shows a file or folder dialog. Returns the path on the lab's machine; null if cancelled. */
  pick(what: 'file' | 'folder'): Promise<string | null>
  /** Takes dropped files. Returns their path on the lab's machine. */
  bring(dropped: readonly BroughtFile[]): Promise<string>
  /** Writes a checkpoint to a place that the user chooses. Returns what was assumed or left out; null if cancelled. */
  exportCheckpoint(
    checkpoint: string,
    format: ExportFormat,
    suggestedName: string,
  ): Promise<readonly Note[] | null>
  /** Writes predictions to a file that the user chooses; false if cancelled. */
  exportPredictions(order: PredictionsOrder, suggestedName: string): Promise<boolean>
  /** Null if the host has no file manager. */
  readonly showInFolder: ((path: string) => void) | null
  readonly openLogs: (() => void) | null
}

/** `name` is the path relative to the dropped folder. */
export interface BroughtFile {
  readonly file: File
  readonly name: string
}

export type ExportFormat = CommandInput<'export'>['format']
export type PredictionsOrder = Omit<CommandInput<'writePredictions'>, 'out' | 'existing'>

export interface Host {
  readonly lab: Lab
  readonly files: Files
  /** Version of the lab. */
  readonly version: string
  readonly versions: Readonly<Record<string, string>>
  /** Calls the listener at once with the current state, then on every change. */
  onConnection(listener: (state: Connection) => void): () => void
  onRequest(listener: (request: HostRequest) => void): () => void
}

export const hostKey: InjectionKey<Host> = Symbol('host')

/** Sends one call to the lab; the only part of a call that differs between hosts. */
export type Carry = (name: CommandName, input: unknown) => Promise<Reply>

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`
}

/** A typed `call` on top of a transport: sends plain copies and checks the replies. */
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

/** Returns an event that matches the contract; reports any other message and returns null. */
export function checkedEvent(message: unknown): LabEvent | null {
  const checked = labEventSchema.safeParse(message)
  if (checked.success) return checked.data
  // For whoever looks into it; the user can do nothing about it.
  // eslint-disable-next-line no-console
  console.warn(`An event that does not fit the contract was dropped: ${firstProblem(checked.error)}`)
  return null
}
