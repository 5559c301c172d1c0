/** Weights of backbones: recognised, known by their digest, kept and read again. */
import { promises as fs, readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { beforeAll, describe, expect, it } from 'vitest'
import { backboneDigest } from '../../../src/checkpoints/backbone-digest'
import {
  backboneFile,
  keepBackbone,
  listBackbones,
  readBackbone,
  type BackboneStore,
} from '../../../src/checkpoints/backbone-store'
import { bringBackbone, encodeBackbone } from '../../../src/checkpoints/read-backbone'
import { shapesOfBackbone } from '../../../src/checkpoints/recognise-backbone'
import { encodeSafetensors, type NamedTensor } from '../../../src/checkpoints/safetensors'
import { fromTimm } from '../../../src/checkpoints/timm-names'
import { sentence } from '../../../src/language/sentence'
import { toErrorMessage } from '../../../src/contract/errors'
import type { Backbone } from '../../../src/networks/backbone'
import { backbones } from '../../../src/networks/backbones/registry'
import { emptyFolder, errorOf } from './samples'

const torchFile = (name: string) => join(__dirname, '../../fixtures/torch-files', `${name}.pth`)

/** The network of test/fixtures/make_torch.py. */
const small: Backbone = {
  id: 'small',
  title: 'Small',
  about: { en: 'small', zh: '小' },
  preprocessing: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  stages: [
    {
      name: 'all',
      layers: [
        {
          kind: 'convolution',
          name: 'conv',
          inputs: 2,
          outputs: 3,
          kernel: 2,
          stride: 1,
          padding: 0,
          connects: 'all-maps',
          bias: true,
        },
        { kind: 'batch-norm', name: 'bn', units: 3, epsilon: 1e-5 },
      ],
    },
  ],
  features: 3,
  unused: ['head.'],
  weights: null,
}

/** SHA-256 of its canonical encoding, computed by Python's hashlib over numpy's bytes. */
const digest = 'f66e4fc6ff8af8a63798e735cc3394cc3825f4add8d793f80bf9b6f078d51e18'

const other: Backbone = { ...small, id: 'other', title: 'Other', stages: [{ name: 'all', layers: [] }] }

let folder = ''
let tensors: readonly NamedTensor[] = []
beforeAll(async () => {
  folder = await emptyFolder()
  tensors = (await bringBackbone(torchFile('state'), [small], null)).tensors
})

let files = 0
/** A safetensors file of the small network with changes: null leaves a tensor out. */
function written(changes: Record<string, NamedTensor | null> = {}, names = (name: string) => name): string {
  const changed = [
    ...tensors.filter(({ name }) => !(name in changes)),
    ...Object.values(changes).flatMap((tensor) => tensor ?? []),
  ].map((tensor) => ({ ...tensor, name: names(tensor.name) }))
  const path = join(folder, `${files++}.safetensors`)
  writeFileSync(path, encodeSafetensors(changed, {}))
  return path
}

const store = async (): Promise<BackboneStore> => {
  const at = await emptyFolder()
  return { brought: join(at, 'backbones'), bundled: join(at, 'bundled') }
}
const tensor = (name: string, shape: number[], value = 1): NamedTensor => ({
  name,
  shape,
  data: new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(value),
})
const bring = (path: string, wanted: Backbone | null = null) => bringBackbone(path, [small], wanted)

describe('weights that the user brings', () => {
  it.each(['state', 'state-legacy', 'training', 'nested'])(
    'have one digest in whatever file: %s.pth',
    async (name) => {
      expect((await bring(torchFile(name))).digest).toBe(digest)
    },
  )

  it('have it in safetensors too, in any order of the tensors', async () => {
    const path = join(folder, 'reversed.safetensors')
    writeFileSync(path, encodeSafetensors([...tensors].reverse(), { made: 'by another program' }))
    expect((await bring(path)).digest).toBe(digest)
  })

  it('have another one if a single bit differs', async () => {
    const [first, ...rest] = tensors
    if (first === undefined) throw new Error('no tensors')
    const data = Float32Array.from(first.data)
    data[0] = 2 ** -149
    expect(backboneDigest([{ ...first, data }, ...rest])).not.toBe(digest)
  })

  it('say what was passed over, removed and converted, and where they were', async () => {
    expect(await bring(torchFile('nested'))).toMatchObject({
      backbone: { id: 'small' },
      within: 'model',
      passedOver: ['module.bn.num_batches_tracked'],
      removed: ['module'],
      converted: [],
    })
    const path = written({ 'head.weight': tensor('head.weight', [4, 3]) })
    expect(await bring(path)).toMatchObject({ digest, passedOver: ['head.weight'], within: null })
  })

  it.each<[string, () => string, string, Record<string, unknown>]>([
    [
      'tensors are missing',
      () => written({ 'bn.bias': null, 'bn.weight': null }),
      'backbone-tensors-missing',
      { network: 'Small', count: 2, names: ['bn.weight', 'bn.bias'] },
    ],
    [
      'tensors are too many',
      () => written({ 'fc.weight': tensor('fc.weight', [4, 3]) }),
      'backbone-tensors-extra',
      { network: 'Small', count: 1, names: ['fc.weight'] },
    ],
    [
      'a shape differs',
      () => written({ 'bn.bias': tensor('bn.bias', [4]) }),
      'backbone-shapes-differ',
      { network: 'Small', count: 1, tensors: ['bn.bias [4] ≠ [3]'] },
    ],
    [
      'it is of a well-known network that is not declared',
      () => written({}, (name) => `features.denseblock1.${name}`),
      'backbone-not-declared',
      { found: 'a DenseNet', known: ['Small'] },
    ],
    [
      'it is of no network',
      () => written({}, (name) => `a.${name}`),
      'backbone-unrecognised',
      { count: 6, names: ['a.bn.bias', 'a.bn.running_mean', 'a.bn.running_var'], known: ['Small'] },
    ],
    [
      'a value is NaN',
      () => written({ 'bn.bias': tensor('bn.bias', [3], NaN) }),
      'tensor-not-finite',
      { tensor: 'bn.bias', value: 'NaN' },
    ],
    [
      'a variance is negative',
      () => written({ 'bn.running_var': tensor('bn.running_var', [3], -1) }),
      'tensor-negative-variance',
      { tensor: 'bn.running_var' },
    ],
    ['it holds a whole model', () => torchFile('whole'), 'torch-whole-model', { callable: '__main__.Net' }],
    ['it is a folder', () => folder, 'not-a-file', {}],
    ['it is missing', () => join(folder, 'none.pth'), 'file-not-found', {}],
    [
      'it is another format',
      () => {
        const path = join(folder, 'text.pth')
        writeFileSync(path, 'these are no weights, but some text')
        return path
      },
      'weights-format-unknown',
      {},
    ],
  ])('are refused where %s', async (_, path, code, params) => {
    const error = await errorOf(() => bring(path()))
    expect(error).toMatchObject({ code, params })
    for (const language of ['en', 'zh'] as const)
      expect(sentence(toErrorMessage(error), language)).not.toMatch(/[{}]/)
  })

  it('are refused, by their name, where those of another network are needed', async () => {
    const error = await errorOf(() => bring(torchFile('state'), other))
    expect(error).toMatchObject({
      code: 'backbone-other-network',
      params: { found: 'Small', expected: 'Other' },
    })
    expect(sentence(toErrorMessage(error), 'en')).toBe(
      `The weights in ${torchFile('state')} are those of Small, but those of Other are needed.`,
    )
  })
})

describe('the folder of backbones', () => {
  it('keeps weights under their digest, equal ones in equal bytes, and gives them back', async () => {
    const [first, second] = [await store(), await store()]
    const kept = await keepBackbone(first, await bring(torchFile('state')))
    expect(kept).toEqual({ path: join(first.brought, `${digest}.safetensors`), isNew: true })
    const again = await keepBackbone(second, await bring(torchFile('nested')))
    expect(readFileSync(again.path).equals(readFileSync(kept.path))).toBe(true)
    expect(await keepBackbone(first, await bring(torchFile('training')))).toEqual({ ...kept, isNew: false })
    expect(await backboneFile(first, small, digest)).toBe(kept.path)
    const read = await readBackbone(first, small, digest)
    expect(read.map(({ name, data }) => [name, [...data]])).toEqual(
      tensors.map(({ name, data }) => [name, [...data]]),
    )
  })

  it('takes those that come with the lab by the digest in the declaration', async () => {
    const held = await store()
    await fs.mkdir(held.bundled)
    const path = join(held.bundled, 'small.safetensors')
    const weights = await bring(torchFile('state'))
    writeFileSync(path, encodeBackbone(weights))
    const declared = { ...small, weights: digest }
    expect(await backboneFile(held, declared, digest)).toBe(path)
    expect(await keepBackbone(held, { ...weights, backbone: declared })).toEqual({ path, isNew: false })
    expect((await listBackbones(held, [declared, other])).weights).toEqual(
      new Map([
        ['small', [{ digest, bytes: readFileSync(path).length, isBundled: true }]],
        ['other', []],
      ]),
    )
    expect(await errorOf(() => backboneFile(held, small, digest))).toMatchObject({ code: 'backbone-missing' })
  })

  it('lists what is there, and files that are of no declared backbone', async () => {
    const held = await store()
    const { path } = await keepBackbone(held, await bring(torchFile('state')))
    const stranger = join(held.brought, `${'0'.repeat(64)}.safetensors`)
    writeFileSync(stranger, 'no header')
    expect(await listBackbones(held, [small])).toEqual({
      weights: new Map([['small', [{ digest, bytes: readFileSync(path).length, isBundled: false }]]]),
      unreadable: [stranger],
    })
  })

  it.each(['0'.repeat(64), '../../secrets', ''])(
    'names digest and network of weights that are missing: %j',
    async (asked) => {
      const error = await errorOf(async () => readBackbone(await store(), small, asked))
      expect(error).toMatchObject({ code: 'backbone-missing', params: { network: 'Small', digest: asked } })
      expect(sentence(toErrorMessage(error), 'en')).toContain('backbones --import')
    },
  )

  it('refuses a file that was exchanged or damaged', async () => {
    const held = await store()
    const { path } = await keepBackbone(held, await bring(torchFile('state')))
    const bytes = readFileSync(path)
    const flipped = Buffer.from(bytes)
    flipped[bytes.length - 1] = (flipped[bytes.length - 1] ?? 0) ^ 1
    const exchanged = readFileSync(written({ 'bn.bias': tensor('bn.bias', [3]) }))
    const less = readFileSync(written({ 'bn.bias': null }))
    for (const content of [flipped, bytes.subarray(0, 100), exchanged, less]) {
      writeFileSync(path, content)
      expect(await errorOf(() => readBackbone(held, small, digest))).toMatchObject({
        code: 'backbone-damaged',
        params: { file: path, network: 'Small', digest },
      })
    }
    // Importing them again puts them right.
    expect(await keepBackbone(held, await bring(torchFile('state')))).toEqual({ path, isNew: true })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })
})

describe("timm's names of MobileNetV2", () => {
  it.each([
    ['conv_stem.weight', 'features.0.0.weight'],
    ['bn1.running_var', 'features.0.1.running_var'],
    ['blocks.0.0.conv_dw.weight', 'features.1.conv.0.0.weight'],
    ['blocks.0.0.conv_pw.weight', 'features.1.conv.1.weight'],
    ['blocks.0.0.bn2.bias', 'features.1.conv.2.bias'],
    ['blocks.1.1.conv_pw.weight', 'features.3.conv.0.0.weight'],
    ['blocks.6.0.bn3.weight', 'features.17.conv.3.weight'],
    ['blocks.6.0.conv_pwl.weight', 'features.17.conv.2.weight'],
    ['conv_head.weight', 'features.18.0.weight'],
    ['classifier.bias', 'classifier.1.bias'],
    ['blocks.0.0.se.conv_reduce.weight', 'blocks.0.0.se.conv_reduce.weight'],
    ['layer1.0.bn1.weight', 'layer1.0.bn1.weight'],
  ])('%s is %s', (timm, torchvision) => {
    expect(fromTimm(timm)).toBe(torchvision)
  })
})

describe('the declared backbones', () => {
  it('can be told apart by the names and shapes of their tensors', () => {
    const lists = backbones.map((backbone) =>
      JSON.stringify([...shapesOfBackbone(backbone)].sort(([a], [b]) => (a < b ? -1 : 1))),
    )
    expect(new Set(lists).size).toBe(backbones.length)
  })
})
