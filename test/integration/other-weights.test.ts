/** Weight files that were saved again elsewhere, through the lab and the terminal. */
import { writeFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import type { StoredTensor } from '../../src/checkpoints/safetensors'
import { labError } from '../../src/contract/errors'
import type { Accuracies } from '../../src/contract/record'
import { note } from '../../src/contract/note'
import type { Imported } from '../../src/contract/run'
import { sentence } from '../../src/language/sentence'
import { int64, rawTensors, weightFile, type RawTensors } from '../weight-files'
import { openCommandLine, type CommandLine } from './command-line'
import { onMnist, openLab, small, temporaryFolder, useProgramsInFile, type Watched } from './programs'
import { documentOf } from './terminal'

useProgramsInFile()
const files = temporaryFolder()
let watched: Watched
let commandLine: CommandLine
/** Trained on `symmetric` pixels, with batch normalisation. */
let checkpoint: string
let tensors: readonly StoredTensor[]
let original: Accuracies

beforeAll(async () => {
  watched = await openLab()
  const model = { ...onMnist.model, encoder: 'lenet-bn', pixels: 'symmetric' } as const
  const { run } = await watched.train(small({ ...onMnist, model }))
  checkpoint = (await watched.lab.call('checkpoints', { run }))[2]?.path ?? ''
  tensors = (await readCheckpoint(checkpoint)).tensors
  original = (await watched.lab.call('evaluate', { checkpoint, count: 300 })).result
  commandLine = openCommandLine(temporaryFolder())
})
afterAll(async () => {
  await watched.lab.close()
  await commandLine.close()
})

function written(name: string, content: RawTensors | Uint8Array): string {
  const path = join(files, name)
  writeFileSync(path, content instanceof Uint8Array ? content : weightFile(content))
  return path
}

/** As `save_file(model.state_dict())` of the networks writes them. */
const stateDict = () => tensors.filter(({ name }) => /^(\w+_encoder|classifier)\./.test(name))
const ofSource = () => stateDict().filter(({ name }) => !name.startsWith('target'))
const counters = () =>
  Object.fromEntries(
    stateDict()
      .filter(({ name }) => name.endsWith('running_mean'))
      .map(({ name }) => [name.replace('running_mean', 'num_batches_tracked'), int64(7n)]),
  )

async function imported(path: string): Promise<Imported> {
  return watched.lab.call('import', { path, pixels: 'symmetric' })
}

describe('weights', () => {
  const bnCounters = ['source_encoder', 'target_encoder'].map((id) => `${id}.bn.num_batches_tracked`)

  it.each<[string, () => RawTensors, string[] | null, string[]]>([
    ['plain', () => rawTensors(stateDict()), [], []],
    ['bn_num_batches_tracked', () => ({ ...rawTensors(stateDict()), ...counters() }), bnCounters, []],
    ['with_int', () => ({ ...rawTensors(stateDict()), epoch: int64(3n) }), ['epoch'], []],
    ['with all that the lab writes', () => rawTensors(tensors), null, []],
    ['module', () => rawTensors(stateDict(), 'F32', (name) => `module.${name}`), [], ['module.']],
    ['compiled', () => rawTensors(stateDict(), 'F32', (name) => `_orig_mod.${name}`), [], ['_orig_mod.']],
    ['f64', () => rawTensors(stateDict(), 'F64'), [], []],
  ])('%s open, and measure exactly the same', async (name, content, extra, removed) => {
    const found = await imported(written(`${name}.safetensors`, content()))
    expect(found.notes).toEqual(notesFor(extra ?? stateOfOptimisers(), removed))
    const order = { checkpoint: found.checkpoint, count: 300 }
    expect((await watched.lab.call('evaluate', order)).result).toEqual(original)
  })

  function notesFor(extra: readonly string[], prefixes: readonly string[]) {
    return [
      ...(extra.length === 0 ? [] : [note('tensors-passed-over', { count: extra.length, names: extra })]),
      ...(prefixes.length === 0 ? [] : [note('prefixes-removed', { names: prefixes })]),
    ]
  }

  /** D is a network of the lab; the optimisers' state belongs to no network. */
  const stateOfOptimisers = () =>
    tensors.map(({ name }) => name).filter((name) => name.startsWith('optimiser'))

  it.each(['F16', 'BF16'] as const)('%s open, and measure about the same', async (type) => {
    const found = await imported(written(`${type}.safetensors`, rawTensors(stateDict(), type)))
    const { result } = await watched.lab.call('evaluate', { checkpoint: found.checkpoint, count: 300 })
    expect(Math.abs(result.accuracy - original.accuracy)).toBeLessThan(0.05)
  })

  it('of the source stage alone open as its checkpoint', async () => {
    const found = await imported(written('source_only.safetensors', rawTensors(ofSource())))
    expect(found.checkpoint).toContain('source.dalab.safetensors')
    expect(found.assumed.map(({ setting }) => setting)).not.toContain('round')
  })

  it('name what they do not say, and the values that would fit as well', async () => {
    const { assumed } = await imported(written('assumed.safetensors', rawTensors(stateDict())))
    expect(assumed).toEqual([
      { setting: 'model.side', value: 28, others: [29, 30, 31] },
      { setting: 'model.classifierActivation', value: 'none', others: ['relu'] },
      ...['source', 'target'].map((domain) => ({
        setting: `${domain}.framing`,
        value: 'stretch',
        others: ['letterbox', 'centre-crop', 'inner-crop', 'box20'],
      })),
      { setting: 'source.dataset', value: 'mnist', others: [] },
      { setting: 'source.classes', value: ['0', '1'], others: [] },
      { setting: 'target.dataset', value: 'mnist', others: [] },
      { setting: 'target.classes', value: ['2', '3'], others: [] },
      { setting: 'pairing', value: [0, 1], others: [] },
      { setting: 'round', value: 1, others: [] },
    ])
  })

  it('that are refused leave no run', async () => {
    const before = await watched.lab.call('runs', {})
    const path = written('refused.safetensors', rawTensors(stateDict()))
    for (const command of ['import', 'open'] as const)
      await expect(watched.lab.call(command, { path })).rejects.toMatchObject({
        code: 'pixels-unknown',
        params: { file: path },
      })
    expect(await watched.lab.call('runs', {})).toHaveLength(before.length)
  })
})

describe('the scaling of pixels', () => {
  const domain = { dataset: 'mnist', classes: ['2', '3'], pairing: [0, 1], count: 300 }

  it('is asked for by an evaluation of the file itself', async () => {
    const { lab } = watched
    const path = written('asked.safetensors', rawTensors(stateDict()))
    await expect(lab.call('evaluate', { checkpoint: path, ...domain })).rejects.toMatchObject({
      code: 'pixels-unknown',
    })
    const told = await lab.call('evaluate', { checkpoint: path, ...domain, pixels: 'symmetric' })
    expect(told.result).toEqual(original)
    const otherwise = await lab.call('evaluate', { checkpoint: path, ...domain, pixels: 'unit' })
    expect(otherwise.result).not.toEqual(original)
  })

  it('is asked for by a comparison with the file, on either side, and refused where both say it', async () => {
    const { lab } = watched
    const path = written('against.safetensors', rawTensors(stateDict()))
    for (const [first, second] of [
      [checkpoint, path],
      [path, checkpoint],
    ] as const) {
      const order = { checkpoint: first, against: second, ...domain }
      await expect(lab.call('contrast', order)).rejects.toMatchObject({
        code: 'pixels-unknown',
        params: { file: path },
      })
      expect(await lab.call('contrast', { ...order, pixels: 'symmetric' })).toMatchObject({ difference: 0 })
    }
    const itself = { checkpoint, against: checkpoint, ...domain, pixels: 'unit' } as const
    await expect(lab.call('contrast', itself)).rejects.toMatchObject({ code: 'pixels-known' })
  })

  it('is taken from a checkpoint of the lab, and another is refused', async () => {
    const { lab } = watched
    const params = { file: checkpoint, known: 'symmetric', asked: 'unit' }
    const order = { path: checkpoint, pixels: 'unit' } as const
    await expect(lab.call('import', order)).rejects.toMatchObject({ code: 'pixels-known', params })
    const found = await lab.call('import', { ...order, pixels: 'symmetric' })
    expect(found).toMatchObject({ notes: [], assumed: [] })
  })

  it('does not concern vectors, whose normalisation is said to be assumed', async () => {
    const values = (length: number) => new Float32Array(length).fill(0.1)
    const layer = (name: string, outputs: number, inputs: number) => [
      { name: `${name}.weight`, shape: [outputs, inputs], data: values(outputs * inputs) },
      { name: `${name}.bias`, shape: [outputs], data: values(outputs) },
    ]
    const networks = [...layer('source_encoder.fc1', 4, 6), ...layer('classifier.fc', 3, 4)]
    const path = written('vectors.safetensors', rawTensors(networks))
    const { assumed } = await watched.lab.call('import', { path })
    expect(assumed[0]).toEqual({ setting: 'model.vectors', value: 'none', others: ['l2', 'z-score'] })
    expect(assumed.map(({ setting }) => setting)).not.toContain('target.framing')
    await expect(watched.lab.call('import', { path, pixels: 'unit' })).rejects.toMatchObject({
      code: 'pixels-of-vectors',
    })
  })
})

describe('in the terminal', () => {
  const run = (...argv: string[]) => commandLine.run('en_GB.UTF-8', ...argv)
  const runInChinese = (...argv: string[]) => commandLine.run('zh_CN.UTF-8', ...argv)
  const several = () => ({
    ...rawTensors(stateDict(), 'F32', (name) => `module._orig_mod.${name}`),
    epoch: int64(3n),
    step: int64(4n),
    ...counters(),
  })

  it('an import says what it left out, renamed and assumed', async () => {
    const order = ['import', written('several.safetensors', several()), '--pixels', 'symmetric']
    const said = await run(...order)
    expect([said.code, said.stderr]).toEqual([0, ''])
    expect(said.stdout.split('\n').slice(1)).toEqual([
      '4 tensors that no network needs were passed over, such as epoch, step, source_encoder.bn.num_batches_tracked.',
      'Names of tensors began with module., _orig_mod. and had this prefix removed.',
      'The file does not say the following, so it is assumed: model.side: 28 (possible as well: 29, 30, 31); model.classifierActivation: none (possible as well: relu); source.framing: stretch (possible as well: letterbox, centre-crop, inner-crop, box20); target.framing: stretch (possible as well: letterbox, centre-crop, inner-crop, box20); source.dataset: mnist; source.classes: 0, 1; target.dataset: mnist; target.classes: 2, 3; pairing: 0, 1; round: 1. Everything else is as in the preset "published".',
      '',
    ])
    const chinese = await runInChinese(...order)
    expect(chinese.stdout).toContain('略过了 4 个任何网络都不需要的张量，例如 epoch、step、')
    expect(chinese.stdout).toContain('张量名称以 module.、_orig_mod. 开头，此前缀已去掉。')
    expect(chinese.stdout).toContain('文件没有说明以下各项')
    expect(documentOf(await run(...order, '--json'))).toMatchObject({
      notes: [
        {
          code: 'tensors-passed-over',
          params: { count: 4, names: ['epoch', 'step', 'source_encoder.bn.num_batches_tracked'] },
        },
        { code: 'prefixes-removed', params: { names: ['module.', '_orig_mod.'] } },
      ],
      assumed: expect.arrayContaining([
        { setting: 'model.side', value: 28, others: [29, 30, 31] },
      ]) as unknown,
    })
  })

  it('an evaluation takes the scaling of pixels', async () => {
    const path = written('evaluated.safetensors', several())
    const order = ['evaluate', path, '--dataset', 'mnist', '--classes', '2,3', '--pairing', '0,1']
    const said = await run(...order, '--count', '300', '--pixels', 'symmetric', '--json')
    expect(documentOf(said)).toMatchObject({ accuracy: original.accuracy })
  })

  it('`show` lists every tensor by its name in the file', async () => {
    const path = written('shown.safetensors', several())
    const { tensors: shown } = documentOf(await run('show', path, '--json')) as { tensors: unknown[] }
    expect(shown).toHaveLength(stateDict().length + 4)
    expect(shown).toContainEqual({ name: 'epoch', shape: [], dtype: 'I64' })
  })

  const bias = 'classifier.fc.bias'
  const twice = `module.${bias}`
  it.each<[string, string[], () => RawTensors | Uint8Array, (file: string) => ReturnType<typeof labError>]>([
    ['nometa.safetensors', [], () => rawTensors(stateDict()), (file) => labError('pixels-unknown', { file })],
    [
      'int-bias.safetensors',
      ['--pixels', 'unit'],
      () => ({ ...rawTensors(stateDict()), [bias]: { ...int64(1n), shape: [1] } }),
      (file) =>
        labError('tensor-type-unreadable', {
          file,
          tensor: bias,
          type: 'I64',
          known: 'F32, F64, F16, BF16',
        }),
    ],
    [
      'twice.safetensors',
      ['--pixels', 'unit'],
      () => ({ ...rawTensors(stateDict()), [twice]: int64(1n) }),
      (file) => labError('tensors-of-one-name', { file, first: bias, second: twice, tensor: bias }),
    ],
    [
      'alexnet_like.safetensors',
      ['--pixels', 'unit'],
      () => ({ 'features.0.weight': int64(1n), 'classifier.1.weight': int64(1n) }),
      (file) => labError('checkpoint-not-ours', { file }),
    ],
    [
      'incomplete.safetensors',
      ['--pixels', 'unit'],
      () => rawTensors(stateDict().filter(({ name }) => name !== bias)),
      (file) => labError('checkpoint-missing-tensor', { file, tensor: bias }),
    ],
    [
      'model.pt',
      ['--pixels', 'unit'],
      () => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200)]),
      (file) => labError('unknown-format', { file }),
    ],
    [
      'model.pth',
      ['--pixels', 'unit'],
      () => Buffer.from('\x80\x04}\x94.', 'latin1'),
      (file) => labError('unknown-format', { file }),
    ],
  ])('%s is refused in one sentence of either language', async (name, options, content, error) => {
    const path = written(name, content())
    const expected = error(path)
    for (const [said, language] of [
      [await run('import', path, ...options), 'en'],
      [await runInChinese('import', path, ...options), 'zh'],
    ] as const) {
      expect(said).toEqual({ code: 2, stdout: '', stderr: `${sentence(expected, language)}\n` })
    }
    const asked = documentOf(await run('import', path, ...options, '--json'))
    expect(asked).toMatchObject({ error: { code: expected.code, params: expected.params } })
  })

  it('the question for the scaling names the option and both meanings', async () => {
    const path = written('question.safetensors', rawTensors(stateDict()))
    for (const said of [await run('import', path), await runInChinese('import', path)]) {
      expect(said.code).toBe(2)
      for (const part of ['--pixels unit', '--pixels symmetric', '0', '-1'])
        expect(said.stderr).toContain(part)
    }
    const wrong = await run('import', path, '--pixels', 'byte')
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('unit, symmetric')])
  })
})
