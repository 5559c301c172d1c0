/** The boundary that every host shares: what came in from outside becomes a checked call, what comes out a `Reply`. */
import { labError, toErrorMessage } from './errors'
import type { Reply } from './host'
import { commands, type CommandName, type Lab } from './lab'

function isCommand(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.prototype.hasOwnProperty.call(commands, name)
}

/** Never rejects: a refused or failed call is a reply with an error in it. */
export async function answer(lab: Lab, name: unknown, input: unknown): Promise<Reply> {
  try {
    if (!isCommand(name)) throw labError('contract-violation', { where: 'call', problem: 'no such command' })
    const checked = commands[name].input.safeParse(input)
    if (!checked.success) {
      const issue = checked.error.issues[0]
      const problem = issue === undefined ? 'input' : `${issue.path.join('.')}: ${issue.message}`
      throw labError('contract-violation', { where: name, problem })
    }
    return { ok: await lab.call(name, checked.data as never) }
  } catch (error) {
    return { error: toErrorMessage(error) }
  }
}
