/** The worker programs bundled by test/bundled-programs.ts, and labs that use them. */
import { mkdtempSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterAll } from 'vitest'
import { readExperiment } from '../../src/contract/check'
import { experimentSchema, type Experiment, type ExperimentInput } from '../../src/contract/experiment'
import type { CommandOutput, LabEvent } from '../../src/contract/lab'
import type { Progress } from '../../src/contract/training'
import { isEnding, type RecordedEvent } from '../../src/contract/record'
import { createLab, type OpenLab } from '../../src/lab/create-lab'
import { methods } from '../../src/methods/registry'

const programs = join(__dirname, '..', '..', 'dist')

/** For a test file: removes its temporary folders after its last test. Returns the folder of the programs. */
export function useProgramsInFile(): string {
  afterAll(() => {
    for (const folder of temporary) rmSync(folder, { recursive: true, force: true })
  })
  return programs
}

const temporary: string[] = []

/** A folder that is removed after the file's last test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-'))
  temporary.push(folder)
  return folder
}

/**
 * An experiment small enough for a test: four steps a round. USPS in its own size is read in a fraction of MNIST's time,
 * and the encoder has a third of the weights.
 */
export const smallInput = {
  name: 'small',
  model: { side: 16 },
  source: { dataset: 'usps', classes: [0, 1], count: 200 },
  target: { dataset: 'usps', classes: [2, 3], count: 200 },
  pairing: [0, 1],
  adaptation: { epochs: 2, learningRate: 0.001, parameters: { discriminatorLearningRate: 0.001 } },
} satisfies ExperimentInput

/** The parts of `smallInput` that differ for MNIST in its own size, which the published experiment has. */
export const onMnist = {
  model: { side: 28 },
  source: { ...smallInput.source, dataset: 'mnist' },
  target: { ...smallInput.target, dataset: 'mnist' },
} satisfies Partial<ExperimentInput>

export function small(changes: Partial<ExperimentInput> = {}): Experiment {
  return experimentSchema.parse(
    readExperiment(
      { ...smallInput, ...changes },
      methods.map(({ declaration }) => declaration),
    ),
  )
}

export interface Watched {
  readonly lab: OpenLab
  readonly events: LabEvent[]
  /** Resolves with the first event, past or future, for which `fits` is true. */
  until(fits: (event: LabEvent) => boolean): Promise<LabEvent>
  /**
   * Resolves with the first progress of the run, past or future, for which `fits` is true. Rejects if the run ends
   * before, because its trainer reports nothing afterwards. Endings before event number `after` do not count.
   */
  reached(run: string, fits: (progress: Progress) => boolean, after?: number): Promise<Progress>
  /** Resolves with the run's final event. Endings before event number `after` do not count. */
  ending(run: string, after?: number): Promise<RecordedEvent>
  /** Starts an experiment and waits for its end. */
  train(experiment: unknown): Promise<CommandOutput<'start'> & { readonly ended: RecordedEvent }>
}

/** One thread each: two test files run at a time, and TensorFlow's threads wait for each other where cores are shared. */
function ownDataFolder(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ threads: 1 }))
  return folder
}

/** A lab in its own data folder, unless one is given. The caller closes it. */
export async function openLab(dataFolder = ownDataFolder()): Promise<Watched> {
  const lab = await createLab({ workers: programs, dataFolder })
  const events: LabEvent[] = []
  const listeners = new Set<() => void>()
  lab.subscribe((event) => {
    events.push(event)
    for (const listener of [...listeners]) listener()
  })

  function until(fits: (event: LabEvent) => boolean, after = 0): Promise<LabEvent> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = events.slice(after).find(fits)
        if (found === undefined) return
        listeners.delete(look)
        resolve(found)
      }
      listeners.add(look)
      look()
    })
  }

  async function reached(run: string, fits: (progress: Progress) => boolean, after = 0): Promise<Progress> {
    const found = await until(
      (event) =>
        'run' in event &&
        event.run === run &&
        (event.type === 'progress' ? fits(event.progress) : isEnding(event.event)),
      after,
    )
    if (found.type === 'progress') return found.progress
    throw new Error(`the run ended before that: ${JSON.stringify(found)}`)
  }

  async function ending(run: string, after = 0): Promise<RecordedEvent> {
    const found = await until(
      (event) => event.type === 'recorded' && event.run === run && isEnding(event.event),
      after,
    )
    if (found.type !== 'recorded') throw new Error('no ending')
    return found.event
  }

  return {
    lab,
    events,
    until,
    reached,
    ending,
    async train(experiment) {
      const begun = await lab.call('start', { experiment })
      return { ...begun, ended: await ending(begun.run) }
    },
  }
}
