/** A lab in which every experiment has already run, so that tests look at its answers only and train nothing. */
import { Writable } from 'stream'
import { runProgram } from '../../../src/cli/program'
import { readExperiment } from '../../../src/contract/check'
import { experimentSchema, type Experiment } from '../../../src/contract/experiment'
import { listDatasets } from '../../../src/data/open-dataset'
import { listPresets } from '../../../src/data/presets'
import { togetherOf } from '../../../src/lab/seeds'
import { methods as registry } from '../../../src/methods/registry'

/** A run and its accuracies on unseen images. */
export interface FinishedRun {
  readonly experiment: Experiment
  readonly chosen: number
  readonly best: number
  readonly diversity: number
}

const methods = registry.map(({ declaration }) => declaration)

function measuresOf({ experiment, chosen, best, diversity }: FinishedRun): object {
  const [first = 0, ...rest] = experiment.pairing
  const found = {
    accuracy: chosen,
    accuracyBestPairing: best,
    // Another pairing if it is better than the chosen one.
    bestPairing: best > chosen ? [...rest, first] : experiment.pairing,
    count: 1000,
  }
  return { target: found, unseenTarget: found, discriminatorAccuracy: null, labelFree: { diversity } }
}

function labOf(runs: readonly FinishedRun[]) {
  const at = (id: string) => {
    const found = runs[Number(id)]
    if (found === undefined) throw new Error(`no run ${id}`)
    return found
  }
  const answers: Readonly<Record<string, (input: never) => unknown>> = {
    methods: () => methods,
    presets: listPresets,
    datasets: () => listDatasets('/no/folder'),
    check: ({ experiment }: { experiment: unknown }) =>
      experimentSchema.parse(readExperiment(experiment, methods)),
    runs: () => runs.map((_, id) => ({ id: String(id), state: 'finished' })),
    run: ({ run }: { run: string }) => ({
      summary: { id: run, folder: run, state: 'finished', rounds: 1, unseenTargetAccuracy: at(run).chosen },
      record: { parent: null, experiment: at(run).experiment, labelledTarget: [] },
    }),
    history: ({ run }: { run: string }) => [
      { type: 'round', time: '2026-01-01T00:00:00.000Z', round: 1, measures: measuresOf(at(run)) },
    ],
    checkpoints: () => [],
    card: (input: { runs: readonly string[] }) =>
      togetherOf(
        input.runs.map((id) => ({
          record: { experiment: at(id).experiment },
          figures: { first: null, last: { measures: measuresOf(at(id)) } },
        })) as never,
      ),
  }
  return {
    async call(name: string, input: never): Promise<unknown> {
      const answer = answers[name]
      // Commands that would train; these tests request finished runs only.
      if (answer === undefined) throw new Error(`nobody expected ${name}`)
      return Promise.resolve(answer(input))
    },
    close: () => Promise.resolve(),
  }
}

class Kept extends Writable {
  text = ''
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

export async function saidOf(runs: readonly FinishedRun[], ...argv: string[]) {
  const stdout = new Kept()
  const stderr = new Kept()
  const code = await runProgram(argv, {
    streams: { stdout: stdout as never, stderr: stderr as never },
    environment: { LANG: 'en' },
    program: 'dalab',
    version: '1',
    programs: '/programs',
    openLab: () => Promise.resolve(labOf(runs) as never),
    keepDetails: () => null,
  })
  return { code, stdout: stdout.text, stderr: stderr.text }
}
