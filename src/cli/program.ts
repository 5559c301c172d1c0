/** Assembles the terminal's commands, and turns every error into one sentence and an exit code. */
import { Command, CommanderError, type Option } from 'commander'
import { defects, labError, toErrorMessage, type ErrorMessage } from '../contract/errors'
import { questions } from '../contract/reading'
import type { OpenLab } from '../lab/create-lab'
import { languageOf, languages, type Language } from '../language/language'
import { sentence } from '../language/sentence'
import { wordsIn, type Say } from '../language/words'
import type { CommandEnvironment } from './command'
import { decidedBy } from './choice-options'
import { backbonesCommand } from './commands/backbones'
import { benchCommand } from './commands/bench'
import { cardCommand } from './commands/card'
import { checkpointsCommand } from './commands/checkpoints'
import { compareCommand } from './commands/compare'
import { datasetsCommand } from './commands/datasets'
import { doctorCommand } from './commands/doctor'
import { evaluateCommand } from './commands/evaluate'
import { exportCommand } from './commands/export'
import { importCommand } from './commands/import'
import { labelsCommand } from './commands/labels'
import { ladderCommand } from './commands/ladder'
import { matrixCommand } from './commands/matrix'
import { methodsCommand } from './commands/methods'
import { predictCommand } from './commands/predict'
import { presetsCommand } from './commands/presets'
import { reportCommand } from './commands/report'
import { resumeCommand } from './commands/resume'
import { runCommand } from './commands/run'
import { runsCommand } from './commands/runs'
import { serveCommand } from './commands/serve'
import { showCommand } from './commands/show'
import { restoreCommand, trashCommand } from './commands/trash'
import { validatorsCommand } from './commands/validators'
import { Interrupted, PartlyDone } from './interrupt'
import { optionIn } from './option-in'
import { createTerminal, writeDocument, writeText, type Streams } from './terminal'
import { usageError } from './usage'
import { oneOf } from './values'

/** What the program depends on; tests supply their own. */
export interface Host {
  readonly streams: Streams
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The program's name, as typed before a command. */
  readonly program: string
  readonly version: string
  /** The folder of the lab's programs. */
  readonly programs: string
  openLab(dataFolder: string | undefined): Promise<OpenLab>
  /** Logs the details of a defect; returns the log's path, or null if it cannot be written. */
  keepDetails(error: unknown): string | null
}

interface CommonOptions {
  readonly json?: true
  readonly dataFolder?: string
}

const exitCodes = { done: 0, defect: 1, refused: 2 } as const

/** The language option, read before the command line is parsed because help and errors need it. */
function languageAsked(argv: readonly string[], host: Host): Language {
  const asked = optionIn(argv, '--lang')
  return languages.find((language) => language === asked) ?? languageOf(host.environment)
}

/** Commander's headings, translated. */
function headings(say: Say): Readonly<Record<string, string>> {
  return {
    'Usage:': say('help-usage'),
    'Arguments:': say('help-arguments'),
    'Options:': say('help-options'),
    'Global Options:': say('help-global-options'),
    'Commands:': say('help-commands'),
  }
}

function aboutOption({ description, defaultValue }: Option, say: Say): string {
  if (defaultValue === undefined) return description
  return say('help-with-default', { about: description, value: String(defaultValue) })
}

function commandsOf(environment: CommandEnvironment): Command[] {
  return [
    runCommand(environment),
    resumeCommand(environment),
    evaluateCommand(environment),
    predictCommand(environment),
    runsCommand(environment),
    checkpointsCommand(environment),
    showCommand(environment),
    compareCommand(environment),
    validatorsCommand(environment),
    cardCommand(environment),
    ladderCommand(environment),
    matrixCommand(environment),
    exportCommand(environment),
    importCommand(environment),
    trashCommand(environment),
    restoreCommand(environment),
    datasetsCommand(environment),
    labelsCommand(environment),
    backbonesCommand(environment),
    methodsCommand(environment),
    presetsCommand(environment),
    serveCommand(environment),
    benchCommand(environment),
    doctorCommand(environment),
    reportCommand(environment),
  ]
}

/** Makes a command throw the lab's errors; commander would print its own and exit. */
function refuseAsLab(command: Command): void {
  command.exitOverride((error) => {
    throw usageError(error, command) ?? error
  })
}

function createProgram(language: Language, host: Host): Command {
  const say = wordsIn(language)
  const titles = headings(say)
  const program = new Command(host.program)
    .description(say('help-about'))
    .helpOption('-h, --help', say('option-help'))
    .helpCommand('help [command]', say('option-help'))
    .version(host.version, '-V, --version', say('option-version'))
    .option('--json', say('option-json'))
    .option('--lang <language>', say('option-lang'), oneOf('--lang', languages))
    .option('--data-folder <folder>', say('option-data-folder'))
    .addHelpText('after', `\n${say('help-exit-codes')}`)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => titles[title] ?? title,
      optionDescription: (option) => aboutOption(option, say),
    })
    .configureOutput({
      writeOut: (text) => writeText(host.streams.stdout, text),
      // Commander's messages on stderr are replaced by the lab's.
      writeErr: () => undefined,
      outputError: () => undefined,
    })
  refuseAsLab(program)

  const environment: CommandEnvironment = {
    say,
    programs: host.programs,
    peer: host.environment['DALAB_PEER'] ?? null,
    withLab:
      (work) =>
      async (...args) => {
        const { json, dataFolder } = program.opts<CommonOptions>()
        // An empty path would mean the working directory.
        if (dataFolder === '') throw labError('missing-value', { option: '--data-folder' })
        const terminal = createTerminal(language, json === true, host.program, host.streams)
        const lab = await host.openLab(dataFolder)
        try {
          await work({ lab, terminal }, ...args)
        } finally {
          await lab.close()
        }
      },
  }
  for (const command of commandsOf(environment)) {
    command.copyInheritedSettings(program)
    refuseAsLab(command)
    program.addCommand(command)
  }
  return program
}

/** The line shown to the user, with the option that settles the error, or for a defect the path of the details. */
function lineFor(error: ErrorMessage, thrown: unknown, language: Language, host: Host): string {
  const line = sentence(error, language)
  const choice = questions[error.code]
  if (choice !== undefined) return `${line}${decidedBy(choice, wordsIn(language))}`
  if (!defects.includes(error.code)) return line
  const file = host.keepDetails(thrown)
  return file === null ? line : `${line} ${wordsIn(language)('log-at', { file })}`
}

/** Reports a thrown value and returns the exit code. */
export function sayThrown(thrown: unknown, argv: readonly string[], host: Host): number {
  if (thrown instanceof Interrupted || thrown instanceof PartlyDone) return thrown.exitCode
  if (thrown instanceof CommanderError) return thrown.exitCode
  const error = toErrorMessage(thrown)
  writeText(host.streams.stderr, `${lineFor(error, thrown, languageAsked(argv, host), host)}\n`)
  if (argv.includes('--json')) writeDocument(host.streams.stdout, { error })
  return defects.includes(error.code) ? exitCodes.defect : exitCodes.refused
}

/** Runs one command line (without the program's own name) and returns the exit code. */
export async function runProgram(argv: readonly string[], host: Host): Promise<number> {
  try {
    const program = createProgram(languageAsked(argv, host), host)
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    return exitCodes.done
  } catch (thrown) {
    return sayThrown(thrown, argv, host)
  }
}
