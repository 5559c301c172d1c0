/** Sample data for the tests of this folder. */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import fc from 'fast-check'
import type { NamedTensor } from '../../../src/checkpoints/safetensors'
import { shapesOf } from '../../../src/checkpoints/shapes'
import { declared, type DeclaredId } from '../../fixtures/declared'
import { LabError, type ErrorCode } from '../../../src/contract/errors'
import { experimentSchema, modelSchema, type Experiment } from '../../../src/contract/experiment'
import type { Accuracies, CheckpointFacts, Measures, RoundEvent } from '../../../src/contract/record'

export const experiment: Experiment = experimentSchema.parse({
  name: 'Published',
  source: { dataset: 'mnist', classes: [0, 1] },
  target: { dataset: 'mnist', classes: [2, 3] },
  pairing: [0, 1],
})

export function accuracies(accuracy: number): Accuracies {
  const best = { accuracyBestPairing: Math.max(accuracy, 1 - accuracy), bestPairing: [0, 1] }
  return {
    accuracy,
    ...best,
    perClass: [accuracy, accuracy],
    confusion: [
      [5, 1],
      [1, 5],
    ],
    count: 12,
  }
}

export function measures(targetAccuracy: number): Measures {
  return {
    source: accuracies(0.9985),
    target: accuracies(targetAccuracy),
    unseenTarget: accuracies(targetAccuracy / 2),
    discriminatorAccuracy: 0.5,
    sourceCalledSource: 0.5,
    targetCalledSource: 0.5,
    histogram: { source: [1, 2], target: [2, 1] },
    proxyADistance: 1.5,
    mmd: 0.1,
  }
}

export function roundEvent(round: number, targetAccuracy: number): RoundEvent {
  return {
    type: 'round',
    time: '2026-11-23T10:00:00.000Z',
    round,
    losses: { D: 0.7, MT: 0.7 },
    measures: measures(targetAccuracy),
    verdicts: [0, 1],
    verdictsOnSource: 1,
    seconds: 1,
    pairsPerSecond: 1000,
  }
}

export const facts: CheckpointFacts = {
  schema: 2,
  run: '2026-11-23-published-k3f9',
  round: 3,
  experiment,
  machinery: null,
  measures: measures(0.75),
  created: '2026-11-23T10:00:00.000Z',
}

export function tensor(name: string, ...shape: number[]): NamedTensor {
  const length = shape.reduce((product, size) => product * size, 1)
  const data = Float32Array.from({ length }, (_, index) => index / 7 - name.length)
  return { name, shape, data: name.endsWith('running_var') ? data.map(Math.abs) : data }
}

/** A network of full size. */
export function network(id: DeclaredId): NamedTensor[] {
  return Object.entries(shapesOf(declared(id), modelSchema.parse({}), 2)).map(([name, shape]) =>
    tensor(name, ...shape),
  )
}

/** Lists of tensors with unique names, few values and any float32. */
export const tensorLists: fc.Arbitrary<NamedTensor[]> = fc.uniqueArray(
  fc
    .tuple(fc.string({ minLength: 1 }), fc.array(fc.nat(4), { maxLength: 4 }))
    .filter(([name]) => name !== '__metadata__')
    .chain(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1)
      return fc.float32Array({ minLength: length, maxLength: length }).map((data) => ({ name, shape, data }))
    }),
  { selector: ({ name }) => name, maxLength: 6 },
)

/** The bits of each tensor, so that NaN and -0 are compared as well. */
export function bits(tensors: readonly NamedTensor[]) {
  return tensors.map(({ name, shape, data }) => ({
    name,
    shape: [...shape],
    bits: [...new Uint32Array(data.slice().buffer)],
  }))
}

/** A new empty folder inside the tests' temporary folder, which is removed at the end. */
export async function emptyFolder(): Promise<string> {
  return fs.mkdtemp(join(await fs.realpath(tmpdir()), 'checkpoints-'))
}

/** The error thrown by `action`; fails if there is none. */
export async function errorOf(action: () => unknown): Promise<LabError> {
  try {
    await action()
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

export async function codeOf(action: () => unknown): Promise<ErrorCode> {
  return (await errorOf(action)).code
}
