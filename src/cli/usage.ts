/** Turns commander's errors into errors of the lab, because commander's messages exist in English only. */
import type { Command, CommanderError } from 'commander'
import { labError, type LabError } from '../contract/errors'
import { nearest } from '../contract/nearest'

/** Commander quotes the name in its message: `error: unknown option '--sed'`. */
function quotedIn(message: string): string {
  return /'([^']*)'/.exec(message)?.[1] ?? message
}

function optionsOf(command: Command): string[] {
  const own = command.options.map((option) => option.long ?? option.short ?? '')
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)]
}

/** The error to show instead; null if there is none (help or version was requested). */
export function usageError(error: CommanderError, command: Command): LabError | null {
  if (error.exitCode === 0) return null
  const name = quotedIn(error.message)
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownCommand(name, command)
    // Options of the program without a command.
    case 'commander.help':
      return labError('missing-argument', { name: 'COMMAND', command: command.name() })
    case 'commander.unknownOption':
      return labError('unknown-option', { name, nearest: nearest(name, [...optionsOf(command), '--help']) })
    case 'commander.missingArgument':
      return labError('missing-argument', { name: name.toUpperCase(), command: command.name() })
    case 'commander.missingMandatoryOptionValue':
      return labError('missing-argument', { name, command: command.name() })
    case 'commander.optionMissingArgument':
      return labError('missing-value', { option: name })
    case 'commander.excessArguments':
      return labError('unexpected-argument', {
        text: command.args[command.registeredArguments.length] ?? '',
        command: command.name(),
      })
    default:
      return labError('unexpected', { problem: error.message })
  }
}

function unknownCommand(name: string, program: Command): LabError {
  const known = program.commands.map((command) => command.name())
  return labError('unknown-command', { name, nearest: nearest(name, known) })
}
