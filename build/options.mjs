/** Parses the options of set-up's programs; an error prints one line and ends the program before any work. */
import { parseArgs } from 'node:util'
import { nearest } from './nearest.mjs'
import { MissingPart } from './progress.mjs'

/**
 * @param {{ command: string, args: string[], options: import('node:util').ParseArgsConfig['options'] }} asked
 * @returns {Record<string, any>} the options' values by name
 * @throws MissingPart if an option is unknown, lacks its value or has an unexpected one, or an argument is unexpected
 */
export function readOptions({ command, args, options }) {
  const { values, positionals } = parsed(args, options)
  if (positionals.length > 0) throw new MissingPart('argument-unknown', { command, text: positionals[0] })
  return values
}

function parsed(args, options) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    const text = args.find((arg) => error.message.includes(arg.split('=')[0])) ?? error.message
    if (error.code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw new MissingPart(text.includes('=') ? 'option-takes-none' : 'option-lacks-value', { text })
    const names = Object.keys(options).map((name) => `--${name}`)
    throw new MissingPart('option-unknown', { text, nearest: nearest(text, names) })
  }
}
