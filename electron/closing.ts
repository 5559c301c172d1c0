/** Asks before the window closes during a training; if the user agrees, the run is stopped with its state saved. */
import type { BrowserWindow } from 'electron'
import type { Lab } from '../src/contract/lab'
import type { TrainingWatch } from './training-watch'

/**
 * Number of waiting experiments; 0 if the queue cannot be read, which must not keep the window open: its files stay
 * unchanged.
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

/**
 * If the run cannot be stopped here, it has just ended by itself, or it is stopped when the lab closes after the
 * window.
 */
async function stop(run: string, lab: Lab, watch: TrainingWatch): Promise<void> {
  const over = ended(watch)
  // The run may have ended while the question was open.
  if (watch.running() !== run) return
  try {
    await lab.call('control', { run, action: 'stop' })
  } catch {
    return
  }
  await over
}

export interface Question {
  /** Asks whether the run may be stopped; `waiting` is the number of waiting experiments. */
  ask(waiting: number): Promise<boolean>
  /**
   * Called with the reason if the question could not be asked: the window stays open, and the next attempt asks again.
   */
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
    // A second attempt to close while the run was stopping also gets here.
    if (!window.isDestroyed()) window.destroy()
  }
  window.on('close', (event) => {
    const run = watch.running()
    if (run === null) return
    event.preventDefault()
    closeAfterAsking(run).catch(failed)
  })
}
