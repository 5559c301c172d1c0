/**
 * The experiment of weights that another program saved. Tensors give the encoder, the number of classes and the options
 * that determine shapes. The user gives the scaling of pixels. All other settings are those of the published recipe;
 * `assumptionsIn` lists the ones that measures depend on.
 */
import { basename } from 'path'
import { sidesAlike } from '../checkpoints/recognise'
import type { Round } from '../checkpoints/run-folder'
import { recordSchema } from '../contract/earlier'
import { labError } from '../contract/errors'
import type { Experiment, Pixels } from '../contract/experiment'
import { framings, type Framing } from '../contract/framing'
import type { CheckpointFacts } from '../contract/record'
import type { Assumption } from '../contract/run'
import type { AnalystOutput } from '../contract/worker'
import { readPreset } from '../data/presets'
import { isNeverNegative } from '../networks/properties'
import { baseLayers } from '../networks/registry'

type Weights = AnalystOutput<'describeWeights'>

/**
 * How pixels were scaled for the networks in a file: as the file says, else as the user says. Networks that take
 * vectors ignore it.
 * @throws `pixels-unknown`, `pixels-known`, `pixels-of-vectors`
 */
export function pixelScaling(
  { facts, model }: Pick<Weights, 'facts' | 'model'>,
  asked: Pixels | undefined,
  file: string,
): Pixels {
  const known = facts?.experiment.model.pixels
  if (known !== undefined) {
    if (asked !== undefined && asked !== known) throw labError('pixels-known', { file, known, asked })
    return known
  }
  if (typeof model.length === 'number') {
    if (asked !== undefined) throw labError('pixels-of-vectors', { file })
    return 'unit'
  }
  if (asked === undefined) throw labError('pixels-unknown', { file })
  return asked
}

export async function presumedExperiment(
  { classes, model }: Weights,
  pixels: Pixels,
  path: string,
): Promise<Experiment> {
  const { experiment } = await readPreset('published')
  const indices = Array.from({ length: classes }, (_, index) => index)
  const names = indices.map(String)
  const isPublished = classes === experiment.source.classes.length
  return {
    ...experiment,
    name: basename(path).slice(0, 120),
    source: isPublished ? experiment.source : { ...experiment.source, classes: names, count: 'all' },
    target: isPublished ? experiment.target : { ...experiment.target, classes: names, count: 'all' },
    pairing: isPublished ? experiment.pairing : indices,
    model: { ...experiment.model, ...model, pixels },
  }
}

/** An adapted target encoder counts as round 1: the file does not give the number of rounds. */
export function presumedRound({ adapted }: Weights): Round {
  return adapted ? 1 : null
}

export function presumedFacts(run: string, experiment: Experiment, round: Round): CheckpointFacts {
  const created = new Date().toISOString()
  return { schema: recordSchema, run, round, experiment, machinery: null, measures: null, created }
}

/** The settings of a presumed experiment that neither the tensors nor the user gave, and that measures depend on. */
export function assumptionsIn({ source, target, pairing, model }: Experiment, round: Round): Assumption[] {
  const otherFramings = (framing: Framing) => framings.filter((one) => one !== framing)
  return [
    ...assumptionsAboutSamples(model),
    ...(model.length !== null
      ? []
      : [
          { setting: 'source.framing', value: source.framing, others: otherFramings(source.framing) },
          { setting: 'target.framing', value: target.framing, others: otherFramings(target.framing) },
        ]),
    { setting: 'source.dataset', value: source.dataset, others: [] },
    { setting: 'source.classes', value: source.classes, others: [] },
    { setting: 'target.dataset', value: target.dataset, others: [] },
    { setting: 'target.classes', value: target.classes, others: [] },
    { setting: 'pairing', value: pairing, others: [] },
    ...(round === null ? [] : [{ setting: 'round', value: round, others: [] }]),
  ]
}

function assumptionsAboutSamples({
  vectors,
  classifierActivation,
  ...model
}: Experiment['model']): Assumption[] {
  const { side, length } = model
  if (length !== null) return [{ setting: 'model.vectors', value: vectors, others: ['l2', 'z-score'] }]
  const sides = sidesAlike({ ...model, classifierActivation }).filter((one) => one !== side)
  return [
    ...(sides.length === 0 ? [] : [{ setting: 'model.side', value: side, others: sides }]),
    ...(isNeverNegative(baseLayers({ ...model, classifierActivation }, 1).encoder)
      ? []
      : [{ setting: 'model.classifierActivation', value: classifierActivation, others: ['relu'] }]),
  ]
}
