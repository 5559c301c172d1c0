/** Closing the window while a run trains asks first; agreeing stops the run with its state kept. */
import type { BrowserWindow } from 'electron'
import type { Lab } from '../src/contract/lab'
import type { TrainingWatch } from './training-watch'

/**
 * How many experiments wait for their turn. Nobody is kept in the window by a queue that cannot be read: its files stay
 * as they are.
 */
async function waitingIn(lab: Lab): Promise<number> {
  try {
    const queue = await lab.call('queue', {})
    return queue.reduce((sum, { items }) => sum + items.filter(({ state }) => state === 'waiting').length, 0)
  } catch {
    return 0
  }
}

/** Resolves when the run has ended and its files are written. */
const ended = (watch: TrainingWatch): Promise<void> => new Promise((done) => watch.onEnding(() => done()))

/** What cannot be stopped from here has just ended by itself, or is stopped when the lab closes, after the window. */
async function stop(run: string, lab: Lab, watch: TrainingWatch): Promise<void> {
  const over = ended(watch)
  // A run that ended while the question stood needs no stopping.
  if (watch.running() !== run) return
  try {
    await lab.call('control', { run, action: 'stop' })
  } catch {
    return
  }
  await over
}

export interface Question {
  /** Whether the run is to be stopped; hears how many others wait for their turn. */
  ask(waiting: number): Promise<boolean>
  /** Hears why no question could be asked: the window stays, and the next try asks anew. */
  failed(error: unknown): void
}

export function guardClosing(
  window: BrowserWindow,
  lab: Lab,
  watch: TrainingWatch,
  { ask, failed }: Question,
): void {
  let asking = false
  const agreed = async (): Promise<boolean> => {
    asking = true
    try {
      return await ask(await waitingIn(lab))
    } finally {
      asking = false
    }
  }
  const closeAfterAsking = async (run: string): Promise<void> => {
    if (asking || !(await agreed())) return
    await stop(run, lab, watch)
    // Whoever closed twice while the run was stopping has agreed twice.
    if (!window.isDestroyed()) window.destroy()
  }
  window.on('close', (event) => {
    const run = watch.running()
    if (run === null) return
    event.preventDefault()
    closeAfterAsking(run).catch(failed)
  })
}
