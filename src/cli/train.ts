/** Follows one run from its start to its end with a progress bar and lines; Ctrl-C stops it with its state saved. */
import { fromErrorMessage, type ErrorMessage } from '../contract/errors'
import type { Lab } from '../contract/lab'
import type { Ending } from '../contract/record'
import { follow, type StartedRun, type Watcher } from './follow'
import { interruptible } from './interrupt'
import { createRunBar, type RunBar } from './run-bar'
import { lineOf } from './run-lines'
import type { Terminal } from './terminal'

export interface Trained {
  readonly run: string
  readonly ending: 'finished' | 'stopped'
}

/** Writes lines above the bar if both are on the same screen, else through `note`. */
function createWatcher(
  terminal: Terminal,
  bar: RunBar | null,
  started: (started: StartedRun) => void,
): Watcher {
  const write = (line: string): void => {
    if (bar !== null && terminal.notesBesideBars) bar.line(line)
    else terminal.note(line)
  }
  return {
    started: (facts) => {
      started(facts)
      write(terminal.say('run-started', { run: facts.run }))
      write(terminal.say('run-folder', { folder: facts.folder }))
    },
    progress: (progress) => {
      bar?.show(progress)
    },
    recorded: (event) => {
      const line = lineOf(event, terminal.say)
      if (line !== null) write(line)
    },
  }
}

function refuseFailure(ending: Ending): 'finished' | 'stopped' {
  if (ending.type !== 'failed') return ending.type
  throw fromErrorMessage({ code: ending.code, params: ending.params } as ErrorMessage)
}

/** Throws the run's error if it failed. */
export async function train(
  lab: Lab,
  terminal: Terminal,
  begin: () => Promise<StartedRun>,
): Promise<Trained> {
  const bar = terminal.bars === null ? null : createRunBar(terminal.bars, terminal.say)
  let run: string | null = null
  let stopAsked = false
  const stop = (): void => {
    stopAsked = true
    if (run === null) return
    // A run that has just ended cannot be stopped; its final event is about to arrive.
    lab.call('control', { run, action: 'stop' }).catch(() => undefined)
  }
  const watcher = createWatcher(terminal, bar, (started) => {
    run = started.run
    if (stopAsked) stop()
  })
  try {
    const followed = await interruptible(
      () => {
        const line = terminal.say('run-stopping')
        if (bar !== null && terminal.notesBesideBars) bar.line(line)
        else terminal.note(line)
        stop()
      },
      () => follow(lab, begin, watcher),
    )
    return { run: followed.run, ending: refuseFailure(followed.ending) }
  } finally {
    bar?.close()
  }
}
