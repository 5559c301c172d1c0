/** The options by which a user decides how a file or folder is read, the same for every command that reads one. */
import { resolve } from 'path'
import type { Command } from 'commander'
import { type Choices, type Layout, layouts, noChoices } from '../contract/reading'
import type { Say } from '../language/words'
import { arrayNames, oneOf } from './values'

export interface ReadingOptions {
  readonly followLinks?: true
  readonly root?: string
  readonly arrays?: Choices['arrays']
  readonly layout?: Layout
  readonly stretch?: true
  readonly subset?: string
  readonly labelColumn?: string
}

export function withReadingOptions(command: Command, say: Say): Command {
  return command
    .option('--follow-links', say('option-follow-links'))
    .option('--root <folder>', say('option-root'))
    .option('--arrays <names>', say('option-arrays'), arrayNames('--arrays'))
    .option(
      '--layout <layout>',
      say('option-layout', { layouts: layouts.join(', ') }),
      oneOf('--layout', layouts),
    )
    .option('--stretch', say('option-stretch'))
    .option('--subset <name>', say('option-subset'))
    .option('--label-column <name>', say('option-label-column'))
}

export function choicesOf(options: ReadingOptions): Choices {
  return {
    ...noChoices,
    followLinks: options.followLinks === true,
    root: options.root === undefined ? null : resolve(options.root),
    arrays: options.arrays ?? noChoices.arrays,
    layout: options.layout ?? null,
    stretch: options.stretch === true,
    set: options.subset ?? null,
    labelColumn: options.labelColumn ?? null,
  }
}
