/** The boundary that every host shares: what came in from outside becomes a checked call, what comes out a `Reply`. */
import { labError, toErrorMessage, type LabError } from './errors'
import type { Reply } from './host'
import { commands, type CommandName, type Lab } from './lab'

/** What a host answers for: a lab, and a log of what was refused at its door. */
export interface GuardedLab extends Lab {
  log(text: string): void
}

function isCommand(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.prototype.hasOwnProperty.call(commands, name)
}

const maxLogged = 300

/** A message that does not fit the contract: logged on one line, whatever it held, and answered with the error. */
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

/** What came as JSON; undefined, which no command takes, where it is none. */
export function valueOf(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined
  } catch {
    return undefined
  }
}

/** Never rejects: a refused or failed call is a reply with an error in it. */
export async function answer(lab: GuardedLab, name: unknown, input: unknown): Promise<Reply> {
  try {
    const call = checked(lab, name, input)
    return { ok: await lab.call(call.name, call.input) }
  } catch (error) {
    return { error: toErrorMessage(error) }
  }
}
