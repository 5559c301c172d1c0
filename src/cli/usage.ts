/** What commander refuses, as an error of the lab: its own sentences would be English only. */
import type { Command, CommanderError } from 'commander'
import { labError, type LabError } from '../contract/errors'
import { nearest } from '../contract/nearest'

/** Commander's error names what it is about between quotes: `error: unknown option '--sed'`. */
function quotedIn(message: string): string {
  return /'([^']*)'/.exec(message)?.[1] ?? message
}

function optionsOf(command: Command): string[] {
  const own = command.options.map((option) => option.long ?? option.short ?? '')
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)]
}

/** The error to show instead; null where nothing went wrong (help or version was asked for). */
export function usageError(error: CommanderError, command: Command): LabError | null {
  if (error.exitCode === 0) return null
  const name = quotedIn(error.message)
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownCommand(name, command)
    // Options of the program alone, and no command.
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
