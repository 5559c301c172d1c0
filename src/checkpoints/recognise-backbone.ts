/** Recognises the backbone whose weights a file holds, by the names and shapes of its tensors. */
import { labError, type LabError } from '../contract/errors'
import { shortened } from '../contract/shortened'
import type { Backbone } from '../networks/backbone'
import { isUnused, tensorsOfBackbone } from '../networks/backbones/registry'
import { unwrapped } from './foreign'
import { maxShown } from './safetensors'
import { fromTimm, isOfTimm } from './timm-names'
import type { WeightEntry } from './torch-file'

/** A tensor of a file, and its name as the backbone declares it. */
interface Named {
  readonly name: string
  readonly entry: WeightEntry
}

export interface RecognisedBackbone {
  readonly backbone: Backbone
  /** Those that its features need, each under its declared name. */
  readonly needed: readonly Named[]
  /** Names in the file of the others. */
  readonly passedOver: readonly string[]
}

/** Declared shapes, in PyTorch's layout. */
export type BackboneShapes = ReadonlyMap<string, readonly number[]>

export function shapesOfBackbone(backbone: Backbone): BackboneShapes {
  return new Map(tensorsOfBackbone(backbone).map(({ name, shape }) => [name, shape]))
}

/** How a file differs from one backbone. */
interface Comparison {
  readonly backbone: Backbone
  /** Tensors that are there with the declared shape. */
  readonly same: readonly Named[]
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly misshapen: readonly string[]
}

/**
 * In an error, a file is taken as one of a backbone from this share of common tensors on: of a file in which others are
 * missing, and of one that has other tensors. A ResNet-34 has 0.6 of its tensors in common with a ResNet-18.
 */
const likeness = { missing: 0.5, others: 0.75 }

/**
 * @throws `tensors-of-one-name`, `backbone-tensors-missing`, `backbone-tensors-extra`, `backbone-shapes-differ`,
 * `backbone-not-declared`, `backbone-unrecognised`
 */
export function recogniseBackbone(
  entries: readonly WeightEntry[],
  backbones: readonly Backbone[],
  file: string,
): RecognisedBackbone {
  const named = withDeclaredNames(entries, file)
  const compared = backbones.map((backbone) => compare(named, backbone))
  const fitting = compared.find(fits)
  if (fitting === undefined) throw unfit(named, compared, backbones, file)
  const { backbone, same } = fitting
  const needed = new Set(same.map(({ entry }) => entry))
  const passedOver = entries.filter((entry) => !needed.has(entry)).map(({ name }) => name)
  return { backbone, needed: same, passedOver }
}

function withDeclaredNames(entries: readonly WeightEntry[], file: string): readonly Named[] {
  const plain = entries.map((entry) => ({ name: unwrapped(entry.name), entry }))
  const isTimm = isOfTimm(plain.map(({ name }) => name))
  const named = isTimm ? plain.map(({ name, entry }) => ({ name: fromTimm(name), entry })) : plain
  const known = new Map<string, WeightEntry>()
  for (const { name, entry } of named) {
    const same = known.get(name)
    if (same !== undefined) {
      const [first, second, tensor] = [same.name, entry.name, name].map((text) => shortened(text, maxShown))
      throw labError('tensors-of-one-name', {
        file,
        first: first ?? '',
        second: second ?? '',
        tensor: tensor ?? '',
      })
    }
    known.set(name, entry)
  }
  return named
}

function compare(named: readonly Named[], backbone: Backbone): Comparison {
  const shapes = shapesOfBackbone(backbone)
  const there = new Set(named.map(({ name }) => name))
  const known = named.filter(({ name }) => shapes.has(name))
  const hasShape = ({ name, entry }: Named) => text(entry.shape) === text(shapes.get(name) ?? [])
  return {
    backbone,
    same: known.filter(hasShape),
    missing: [...shapes.keys()].filter((name) => !there.has(name)),
    extra: named
      .filter(({ name }) => !shapes.has(name) && !isUnused(backbone, name))
      .map(({ entry }) => entry.name),
    misshapen: known
      .filter((one) => !hasShape(one))
      .map(({ name, entry }) => `${entry.name} ${text(entry.shape)} ≠ ${text(shapes.get(name) ?? [])}`),
  }
}

function fits({ missing, extra, misshapen }: Comparison): boolean {
  return missing.length + extra.length + misshapen.length === 0
}

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** The error for a file that fits no backbone, by the one that it is most like. */
function unfit(
  named: readonly Named[],
  compared: readonly Comparison[],
  backbones: readonly Backbone[],
  file: string,
): LabError {
  const known = backbones.map(({ title }) => title)
  const nearest = [...compared].sort((a, b) => likenessOf(b) - likenessOf(a))[0]
  if (nearest !== undefined && isLike(nearest)) return differs(nearest, file)
  const found = wellKnown.find(({ tensor }) => named.some(({ name }) => tensor.test(name)))?.title
  if (found !== undefined) return labError('backbone-not-declared', { file, found, known })
  const names = firstOf(named.map(({ entry }) => entry.name))
  return labError('backbone-unrecognised', { file, count: named.length, names, known })
}

function isLike(comparison: Comparison): boolean {
  const isPart = comparison.extra.length === 0 && comparison.misshapen.length === 0
  return likenessOf(comparison) >= (isPart ? likeness.missing : likeness.others)
}

/** The share of tensors that file and backbone have in common. Those with equal names and other shapes count half. */
function likenessOf({ same, missing, extra, misshapen }: Comparison): number {
  const all = same.length + misshapen.length + missing.length + extra.length
  return (same.length + misshapen.length / 2) / Math.max(1, all)
}

function differs({ backbone, missing, extra, misshapen }: Comparison, file: string): LabError {
  const network = backbone.title
  if (missing.length > 0)
    return labError('backbone-tensors-missing', {
      file,
      network,
      count: missing.length,
      names: firstOf(missing),
    })
  if (misshapen.length > 0)
    return labError('backbone-shapes-differ', {
      file,
      network,
      count: misshapen.length,
      tensors: firstOf(misshapen),
    })
  return labError('backbone-tensors-extra', { file, network, count: extra.length, names: firstOf(extra) })
}

/** The first three, in a length that people read. */
function firstOf(names: readonly string[]): string[] {
  return names.slice(0, 3).map((name) => shortened(name, maxShown))
}

/** Networks that people bring and that are not declared, by a tensor that only they have. */
const wellKnown: readonly { readonly title: string; readonly tensor: RegExp }[] = [
  { title: 'a checkpoint of this lab', tensor: /^(source|target)_encoder\./ },
  {
    title: 'a Vision Transformer',
    tensor: /^(blocks\.0\.attn\.qkv|encoder\.layers\.encoder_layer_0|vision_model)\./,
  },
  { title: 'a Swin Transformer', tensor: /relative_position_bias_table$/ },
  { title: 'a ConvNeXt', tensor: /^(stages\.0\.blocks\.0\.conv_dw|features\.1\.0\.layer_scale)/ },
  { title: 'a DenseNet', tensor: /^features\.denseblock1\./ },
  { title: 'a VGG or AlexNet', tensor: /^classifier\.6\.weight$/ },
  { title: 'an Inception or GoogLeNet', tensor: /^(Mixed_5b|inception3a)\./ },
  { title: 'a SqueezeNet', tensor: /^features\.3\.squeeze\./ },
  {
    title: 'an EfficientNet or MobileNetV3',
    tensor: /^(blocks\.\d+\.\d+\.se|_blocks\.\d+\._se|features\.\d+\.0\.block)/,
  },
  { title: 'a ResNet of another kind', tensor: /^layer4\.\d+\.conv1\.weight$/ },
]
