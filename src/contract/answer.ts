/** The boundary that all hosts share: incoming messages become checked calls, and their outcomes become `Reply`s. */
import { labError, toErrorMessage, type LabError } from './errors'
import type { Reply } from './host'
import { commands, type CommandName, type Lab } from './lab'

/** A lab, and the log of the messages that its host has refused. */
export interface GuardedLab extends Lab {
  log(text: string): void
}

function isCommand(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.prototype.hasOwnProperty.call(commands, name)
}

const maxLogged = 300

/**
 * Refuses a message that does not fit the contract: logs it on one line, whatever its content, and returns the error.
 */
export function refuse(lab: GuardedLab, where: string, problem: string): LabError<'contract-violation'> {
  const line = JSON.stringify(`${where}: ${problem}`.slice(0, maxLogged))
  lab.log(`${new Date().toISOString()} refused ${line}\n`)
  return labError('contract-violation', { where, problem })
}

function checked(lab: GuardedLab, name: unknown, input: unknown): { name: CommandName; input: never } {
  if (!isCommand(name)) throw refuse(lab, 'call', 'no such command')
  const parsed = commands[name].input.safeParse(input)
  if (parsed.success) return { name, input: parsed.data as never }
  const issue = parsed.error.issues[0]
  throw refuse(lab, name, issue === undefined ? 'input' : `${issue.path.join('.')}: ${issue.message}`)
}

/** Parses JSON text; undefined, which no command accepts, for anything else. */
export function valueOf(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined
  } catch {
    return undefined
  }
}

/** Never rejects: a refused or failed call becomes a reply with the error. */
export async function answer(lab: GuardedLab, name: unknown, input: unknown): Promise<Reply> {
  try {
    const call = checked(lab, name, input)
    return { ok: await lab.call(call.name, call.input) }
  } catch (error) {
    return { error: toErrorMessage(error) }
  }
}
