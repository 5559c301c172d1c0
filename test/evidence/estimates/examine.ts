/** Computes every estimate, and the accuracy that it estimates, for some rounds of a finished run. */
import { readHistory } from '../../../src/checkpoints/metrics'
import { roundEvents } from '../../../src/checkpoints/rounds'
import { checkpointPath } from '../../../src/checkpoints/run-folder'
import { readRecord } from '../../../src/checkpoints/run-record'
import { sourceJudgeOf } from '../../../src/contract/source-judge'
import { loadDomain, type DomainSamples } from '../../../src/data/domain'
import { loadJudged } from '../../../src/data/judged-samples'
import type { Predictor } from '../../../src/methods/method'
import { disposeVariables } from '../../../src/models/network'
import { freeing } from '../../../src/models/scope'
import { accuraciesOf } from '../../../src/training/accuracy'
import { classesIn, featuresOf, inPasses } from '../../../src/training/evaluate'
import { predictorOf } from '../../../src/training/networks'
import { firstSamples, samplesIn, type Samples } from '../../../src/training/samples'
import { readNetworks } from '../../../src/workers/evaluate-checkpoint'
import { candidatesFor } from './candidates'

/** Labelled source samples. */
const mostSource = 1000
/** The first of the target's training images. */
const mostTarget = 10_000
/** Rounds of a run that are examined, the first and the last among them. */
const mostRounds = 6

export type Examined = ReturnType<typeof candidatesFor> & {
  readonly round: number
  /** On the same target images, by pairing. */
  readonly accuracy: { readonly chosenPairing: number; readonly bestPairing: number }
}

function someRounds(last: number): number[] {
  const shown = Math.min(mostRounds, last + 1)
  const all = Array.from({ length: shown }, (_, index) => Math.round((index * last) / Math.max(1, shown - 1)))
  return [...new Set(all)]
}

export async function examined(folder: string): Promise<Examined[]> {
  const { experiment } = await readRecord(folder)
  const { source, target, model, pairing } = experiment
  const where = { datasets: '' }
  const held = (await loadJudged(source, model, where, mostSource)).samples
  const seen = await loadDomain(target, model, where)
  const shown: DomainSamples = firstSamples(seen, Math.min(mostTarget, seen.count))
  const labels = seen.labels.subarray(0, shown.count)
  const [ofSource, ofTarget] = [samplesIn(held), samplesIn(shown)]
  const rounds = roundEvents((await readHistory(folder)).events)

  async function examine(round: number): Promise<Examined> {
    const file = checkpointPath(folder, round === 0 ? null : round)
    const { tensors, classes } = await readNetworks(file, 'unit')
    const predictor = predictorOf(tensors, 'target', model, classes, file)
    const measures = rounds.get(round)?.measures
    const sourceJudge = measures && sourceJudgeOf(measures, experiment.adaptation.method)
    const judge = predictorOf(tensors, sourceJudge === 'MT' ? 'target' : 'source', model, classes, file)
    const agreement = measures?.labelFree?.agreement ?? null
    const found = freeing(() => {
      const onTarget = outputOf(predictor, ofTarget)
      const accuracies = accuraciesOf(labels, classesIn(onTarget.output, 'classifier'), pairing)
      return {
        round,
        accuracy: { chosenPairing: accuracies.accuracy, bestPairing: accuracies.accuracyBestPairing },
        ...candidatesFor({
          source: { ...outputOf(judge, ofSource), labels: held.labels },
          target: onTarget,
          classes,
          agreement,
        }),
      }
    })
    for (const { encoder, classifier } of [predictor, judge])
      disposeVariables([...encoder.variables, ...classifier.variables])
    return found
  }

  const found: Examined[] = []
  for (const round of someRounds(Math.max(...rounds.keys()))) found.push(await examine(round))
  for (const samples of [ofSource, ofTarget]) samples.dispose()
  return found
}

function outputOf({ encoder, classifier }: Predictor, samples: Samples) {
  const features = featuresOf(encoder, samples)
  const output = inPasses(classifier, features)
  return { features, output, logits: output.dataSync<'float32'>() }
}
