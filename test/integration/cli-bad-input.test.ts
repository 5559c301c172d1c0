/**
 * Bad input on the command line: exit code 2, one line with the error, and nothing written. Commands run in this
 * process to save the start of Node; one of each kind runs as users start it.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../src/checkpoints/safetensors'
import { encodeNpz } from '../../src/data/stored-arrays'
import { equalImages } from '../../src/data/dataset'
import { encodeIdx } from '../../src/data/codecs/idx'
import { encodeNpy } from '../../src/data/codecs/npy'
import { openCommandLine, type CommandLine } from './command-line'
import { greyPng } from './png'
import { documentOf, openTerminal, smallExperiment, type Said, type Terminal } from './terminal'

let terminal: Terminal
let commandLine: CommandLine
let checkpoint = ''
let run = ''

beforeAll(async () => {
  terminal = openTerminal()
  const trained = await terminal.run(...smallExperiment, '--rounds', '1', '--json')
  const outcome = documentOf(trained) as { id: string; checkpoints: string[] }
  run = outcome.id
  checkpoint = outcome.checkpoints[1] ?? ''
  commandLine = openCommandLine(terminal.dataFolder)
})
afterAll(async () => {
  await commandLine.close()
  await terminal.remove()
})

type Runs = Readonly<Record<'english' | 'chinese', (...argv: string[]) => Promise<Said>>>

const inThisProcess: Runs = {
  english: (...argv) => commandLine.run('en_GB.UTF-8', ...argv),
  chinese: (...argv) => commandLine.run('zh_CN.UTF-8', ...argv),
}
const started: Runs = {
  english: (...argv) => terminal.run(...argv),
  chinese: (...argv) => terminal.runInChinese(...argv),
}

/**
 * Expects an error in both languages: one line with the text, the error code and the exit code, and nothing written to
 * disk.
 */
async function expectRefusal(
  argv: readonly string[],
  code: string,
  line: RegExp,
  runs = inThisProcess,
): Promise<void> {
  const before = terminal.written()
  const said = await runs.english(...argv, '--json')
  expect(said.stderr).toMatch(line)
  expect(said.stderr).toMatch(/^[^\n]+\n$/)
  expect(documentOf(said)).toMatchObject({ error: { code } })
  expect(said.code).toBe(2)

  const inChinese = await runs.chinese(...argv)
  expect(inChinese.stderr).toMatch(/^[^\n]*\p{Script=Han}[^\n]*\n$/u)
  expect(inChinese.stdout).toBe('')
  expect(inChinese.code).toBe(2)
  expect(terminal.written()).toEqual(before)
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(terminal.files, name)
  writeFileSync(path, content)
  return path
}

function folder(...names: string[]): string {
  const path = join(terminal.files, ...names)
  mkdirSync(path, { recursive: true })
  return path
}

describe('started as people do', () => {
  it('is refused for its experiment, its dataset, its checkpoint, its run and its use alike', async () => {
    const preset = ['run', '--preset', 'published', '--set', 'target.classes=2,11']
    await expectRefusal(preset, 'unknown-class', /"mnist" has no class "11"/, started)
    const notes = ['datasets', '--import', file('notes.npz', 'notes'), '--name', 'mine']
    await expectRefusal(notes, 'npz-damaged', /damaged or no \.npz/, started)
    const cut = file('short.safetensors', readFileSync(checkpoint).subarray(0, -1000))
    await expectRefusal(['evaluate', cut], 'checkpoint-cut-short', /is cut short/, started)
    await expectRefusal(['trash', `${run}x`], 'unknown-run', new RegExp(`nearest is "${run}"`), started)
    await expectRefusal(['run'], 'missing-argument', /needs --preset ID/, started)
  })
})

describe('an experiment', () => {
  it.each<[string[], string, RegExp]>([
    [['--preset', 'publishd'], 'unknown-preset', /no preset "publishd"; the nearest is "published"/],
    [['--set', 'source.dataset=mnits'], 'unknown-dataset', /no dataset "mnits"; the nearest is "mnist"/],
    [['--set', 'adaptation.method=addda'], 'unknown-method', /no method "addda"; the nearest is "adda"/],
    [['--set', 'adaptation.learninRate=1'], 'unknown-setting', /the nearest is "adaptation\.learningRate"/],
    [
      ['--set', 'adaptation.parameters.rate=1'],
      'unknown-setting',
      /no setting "adaptation\.parameters\.rate"/,
    ],
    [['--set', 'target.classes=2,11'], 'unknown-class', /"mnist" has no class "11"/],
    [['--set', 'target.classes=2,3,4'], 'unequal-classes', /2 classes and the target 3/],
    [['--set', 'target.classes=0,1,2,3,4,5,6,7,8,9'], 'unequal-classes', /2 classes and the target 10/],
    [['--set', 'target.classes=2,2'], 'repeated-class', /names class 2 more than once/],
    [['--set', 'pairing=0,0'], 'invalid-pairing', /The pairing 0, 0|The pairing \[?0,/],
    [['--set', 'source.count=20000'], 'count-too-large', /asks for 20000 images, but there are only 12665/],
    [['--set', 'adaptation.learningRate=0'], 'out-of-range', /learningRate" is 0, but must lie between/],
    [['--set', 'adaptation.learningRate=-1'], 'out-of-range', /learningRate" is -1/],
    [['--set', 'adaptation.learningRate=NaN'], 'out-of-range', /learningRate" is NaN/],
    [['--set', 'sourceStage.learningRate=1e9'], 'out-of-range', /learningRate" is 1000000000/],
    [
      ['--set', 'sourceStage.learningRate=fast'],
      'wrong-type',
      /learningRate" is .*fast.*, but must be a number/,
    ],
    [['--set', 'sourceStage.batch=0'], 'out-of-range', /batch" is 0/],
    [['--set', 'adaptation.batch=1.5'], 'wrong-type', /batch" is 1\.5, but must be a whole number/],
    [['--set', 'adaptation.batch=1000000'], 'out-of-range', /batch" is 1000000/],
    [['--rounds', '-3'], 'out-of-range', /epochs" is -3/],
    [['--rounds', '1e9'], 'out-of-range', /epochs" is 1000000000/],
    [['--rounds', 'many'], 'wrong-type', /epochs" is .*many.*, but must be a whole number/],
    [['--seed', 'x'], 'wrong-type', /seed" is .*x.*, but must be a whole number/],
    [['--set', 'source.split=tset'], 'not-one-of', /cannot be "tset"; did you mean "test"/],
    [['--set', 'no-equals'], 'malformed-setting', /Cannot read "no-equals" as a setting/],
  ])('run --preset published %j is refused as %s', async (argv, code, line) => {
    const preset = argv[0] === '--preset' ? [] : ['--preset', 'published']
    await expectRefusal(['run', ...preset, ...argv], code, line)
  })

  it('is refused where it is a file that is none', async () => {
    await expectRefusal(
      ['run', '--config', join(terminal.files, 'none.json')],
      'file-not-found',
      /none\.json/,
    )
    const cut = file('cut.json', '{"name": "mi')
    await expectRefusal(['run', '--config', cut], 'malformed-config', /cut\.json cannot be read/)
    const large = file('large.json', ' '.repeat(2 ** 20 + 1))
    await expectRefusal(['run', '--config', large], 'file-too-large', /large\.json/)
    const empty = file('empty.json', '{}')
    await expectRefusal(['run', '--config', empty], 'missing-setting', /"name" is missing/)
  })

  it('is refused where a preset file has a key that nobody knows, by its name', async () => {
    const preset: unknown = JSON.parse(readFileSync('assets/presets/published.json', 'utf8'))
    const { experiment } = preset as { experiment: object }
    const unknown = file('unknown.json', JSON.stringify({ experiment: { ...experiment, epochz: 3 } }))
    await expectRefusal(['run', '--config', unknown], 'unknown-setting', /"epochz"/)
    const beside = file('beside.json', JSON.stringify({ ...(preset as object), experimnt: experiment }))
    await expectRefusal(['run', '--config', beside], 'unknown-setting', /"experimnt".*"experiment"/)
  })

  it('is refused where a method needs two classes, and where a class has fewer images than are to be labelled', async () => {
    const one = ['--set', 'source.classes=0', 'target.classes=2', 'pairing=0']
    const all = ['target.count=all', 'adaptation.shots=500']
    await expectRefusal(
      ['run', '--preset', 'adversarial-consistency', ...one],
      'too-few-classes',
      /adversarial-consistency/,
    )
    await expectRefusal(
      ['run', '--preset', 'one-shot', '--set', 'target.dataset=usps', 'target.split=test', ...all],
      'shots-too-many',
      /asks for 500 labelled images of each class, but class 2 of the target has only 198/,
    )
  })

  it('is refused without preset or file, or with both', async () => {
    await expectRefusal(['run'], 'missing-argument', /needs --preset ID/)
    const config = file('both.json', '{}')
    await expectRefusal(
      ['run', '--preset', 'published', '--config', config],
      'exclusive-options',
      /either "--preset" or "--config"/,
    )
  })
})

describe('a table of experiments', () => {
  it('is refused where its experiment is none, before anything is trained', async () => {
    await expectRefusal(['ladder'], 'missing-argument', /"ladder" needs --preset ID/)
    await expectRefusal(
      ['ladder', '--preset', 'published', '--rounds', '-1'],
      'out-of-range',
      /epochs" is -1/,
    )
    const matrix = ['matrix', '--methods', 'dann', '--domains']
    await expectRefusal([...matrix, 'mnist'], 'missing-argument', /needs --domains A,B/)
    await expectRefusal([...matrix, 'mnist,mnist'], 'repeated-name', /"--domains" names "mnist" more than/)
    await expectRefusal([...matrix, 'mnist,'], 'empty-name', /"--domains" is given "mnist,"/)
    await expectRefusal([...matrix, 'mnist,upsp'], 'not-one-of', /"--domains" cannot be "upsp".*"usps"/)
    await expectRefusal(
      [...matrix, 'mnist,usps', '--set', 'adaptation.parameters.gammma=1'],
      'unknown-setting',
      /the nearest is "adaptation\.parameters\.gamma"/,
    )
  })

  it('is refused where there are not so many seeds, as a run is', async () => {
    const beyond = ['--preset', 'published', '--seed', '2147483647', '--seeds', '2']
    for (const command of ['run', 'ladder'])
      await expectRefusal([command, ...beyond], 'seeds-beyond', /2147483647.*"--seed".*"--seeds"/)
  })
})

describe('domains that do not fit each other or the encoder', () => {
  const labels = Int32Array.from({ length: 40 }, (_, index) => index % 2)
  const vectors = (name: string, length: number) => {
    const values = Float32Array.from({ length: 40 * length }, (_, place) => (place % 7) / 7)
    return file(name, encodeNpz({ kind: 'vector', length, train: { labels, values }, test: null }))
  }
  const pictures = (name: string, width: number, channels: 1 | 3) => {
    const train = { labels, pixels: new Uint8Array(40 * width ** 2 * channels) }
    return file(name, encodeNpz(equalImages({ width, height: width, channels, train, test: null })))
  }
  const on = (source: string, target: string, ...more: string[]) => [
    ...['run', '--preset', 'published', '--set', `source.dataset=${source}`, `target.dataset=${target}`],
    ...['source.count=all', 'target.count=all', ...more],
  ]

  it('are refused for classes that neither side has', async () => {
    const both = pictures('pictures.npz', 28, 1)
    const chosen = ['source.classes=cat,dog', 'target.classes=cat,dog']
    await expectRefusal(on(both, both, ...chosen), 'unknown-class', /no class "cat".* are 0, 1\./)
    await expectRefusal(
      on(both, 'mnist', 'target.classes=8,9'),
      'classes-do-not-meet',
      /no class named "8".*"positions"/,
    )
  })

  it('are refused for samples of unlike kind or length, with both', async () => {
    const five = vectors('five.npz', 5)
    await expectRefusal(
      on(five, 'mnist'),
      'unlike-samples',
      /source are \[5\] and those of the target images/,
    )
    await expectRefusal(on(five, vectors('six.npz', 6)), 'unlike-samples', /\[5\] .* \[6\]/)
  })

  it('are refused for samples that the encoder does not take, with the one that does', async () => {
    const five = vectors('taken.npz', 5)
    const suits = /"lenet" takes samples of shape \[side.*shape \[5\]; set "model\.encoder" to "mlp"/
    await expectRefusal(on(five, five), 'encoder-refuses-samples', suits)
    const small = pictures('small.npz', 8, 1)
    const other = /\[8, 8, 1\]; set "model\.encoder" to "convnet-32"\.\n$/
    await expectRefusal(on(small, small, 'model.side=8'), 'encoder-refuses-samples', other)
    await expectRefusal(
      on(small, small, 'model.encoder=mlp'),
      'encoder-refuses-samples',
      /\[28, 28, 1\]; set "model\.encoder" to "lenet"/,
    )
    await expectRefusal(on(small, small, 'model.channels=2'), 'not-one-of', /"model\.channels".*1, 3/)
    await expectRefusal(on(small, small, 'model.side=4'), 'out-of-range', /"model\.side" is 4/)
  })
})

describe('a dataset', () => {
  const images = (count: number) => encodeIdx([count, 8, 8], new Uint8Array(count * 64))
  const labels = (count: number) => encodeIdx([count], new Uint8Array(count))

  function idx(name: string, imageBytes: Uint8Array, labelBytes: Uint8Array): string {
    const path = folder(name)
    writeFileSync(join(path, 'train-images-idx3-ubyte'), imageBytes)
    writeFileSync(join(path, 'train-labels-idx1-ubyte'), labelBytes)
    return path
  }

  async function expectImportRefused(path: string, code: string, line: RegExp): Promise<void> {
    await expectRefusal(['datasets', '--import', path, '--name', 'mine'], code, line)
  }

  it('in IDX files of the wrong kind, cut short, or with another number of labels', async () => {
    await expectImportRefused(
      idx('magic', labels(3), labels(3)),
      'idx-not-this-kind',
      /holds images, but it is an array of shape \[3\]/,
    )
    await expectImportRefused(idx('cut', images(3).subarray(0, 100), labels(3)), 'idx-cut-short', /cut short/)
    await expectImportRefused(idx('length', images(3), labels(4)), 'idx-length-mismatch', /4 labels for 3/)
  })

  it('in an .npz without its arrays or with wrong ones', async () => {
    const table = { width: 2, height: 2, channels: 1, test: null } as const
    const good = encodeNpz(
      equalImages({
        ...table,
        train: { pixels: new Uint8Array(8), labels: Uint8Array.from([0, 1]) },
      }),
    )
    const cut = file('cut.npz', good.subarray(0, good.length - 30))
    await expectImportRefused(cut, 'npz-damaged', /damaged or no \.npz/)
    const renamed = Buffer.from(good).toString('latin1').split('labels').join('lables')
    const names = file('names.npz', Buffer.from(renamed, 'latin1'))
    await expectImportRefused(
      names,
      'arrays-unnamed',
      /images: uint8 \[2, 2, 2, 1\], lables: int32 \[2\]\. .* --arrays images=A,labels=B/,
    )
    const importNamed = (arrays: string) =>
      ['datasets', '--import', names, '--name', 'named', '--arrays', arrays] as const
    await expectRefusal(importNamed('images=pictures'), 'unknown-array', /no array "pictures"/)
    await expectRefusal(
      importNamed('pictures=images'),
      'not-one-of',
      /images, labels, test-images, test-labels/,
    )
    const said = await terminal.run(...importNamed('images=images,labels=lables'), '--stretch')
    expect(said.stdout).toContain('Imported dataset named: 2 samples in 2 classes.')
  })

  it('in an .npz whose axes are not clear, unless --layout says them', async () => {
    const pixels = encodeNpy({ type: '|u1', shape: [2, 3, 32, 3], bytes: Buffer.alloc(576, 200) })
    const path = file('axes.npz', Buffer.from(zipSync({ 'images.npy': pixels })))
    await expectImportRefused(
      path,
      'layout-unclear',
      /\[2, 3, 32, 3\], is not clear; .* one of: nhwc, nchw .* --layout LAYOUT decides/,
    )
    const withLayout = (layout: string) =>
      ['datasets', '--import', path, '--name', 'axes', '--layout', layout] as const
    await expectRefusal(withLayout('hwcn'), 'layout-misfit', /hwcn does not fit/)
    await expectRefusal(withLayout('nhcw'), 'not-one-of', /did you mean "nhw"/)
    const said = await terminal.run(...withLayout('nchw'))
    expect(said.stdout.split('\n')).toEqual([
      'Imported dataset axes: 2 samples without labels.',
      'The array "images" of shape [2, 3, 32, 3] was read as images with the colours first, [n, c, h, w].',
      'There are no labels for "images"; its classes are not known.',
      '',
    ])
  })

  it('in a folder without images, or with several domains', async () => {
    await expectImportRefused(folder('nothing'), 'no-images', /holds no image/)
    for (const domain of ['amazon', 'dslr'])
      writeFileSync(join(folder('office', domain, 'mug'), '1.png'), greyPng(8, 200))
    await expectImportRefused(folder('office'), 'several-domains', /choose one of them: amazon, dslr\./)
  })

  it('with an image that does not decode, unless it is to be skipped', async () => {
    const path = folder('photos')
    for (const name of ['cat', 'dog']) {
      writeFileSync(join(folder('photos', name), '1.png'), greyPng(8, 200))
      writeFileSync(join(folder('photos', name), '2.png'), greyPng(8, 90))
    }
    writeFileSync(join(path, 'dog', '3.png'), 'not a picture')
    await expectImportRefused(
      path,
      'image-undecodable',
      /dog\/3\.png cannot be decoded.* --skip-undecodable decides/,
    )
    const said = await terminal.run('datasets', '--import', path, '--name', 'photos', '--skip-undecodable')
    expect(said.stderr).toBe('')
    const skipped = 'One file was skipped (cannot be decoded): dog/3.png.'
    expect(said.stdout).toBe(`Imported dataset photos: 4 samples in 2 classes.\n${skipped}\n`)
    await expectRefusal(
      ['datasets', '--import', path, '--name', 'photos', '--skip-undecodable'],
      'dataset-exists',
      /already a dataset "photos"/,
    )
  })

  it('that is not there, or without a name', async () => {
    await expectImportRefused(join(terminal.files, 'nowhere'), 'file-not-found', /nowhere/)
    await expectRefusal(['datasets', '--import', terminal.files], 'missing-argument', /needs --name NAME/)
  })
})

describe('a checkpoint', () => {
  const replaced = (bytes: Buffer, from: string, to: string): Buffer =>
    Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1')

  it.each(['show', 'evaluate', 'import'])('that is damaged is refused by %s', async (command) => {
    const bytes = readFileSync(checkpoint)
    const cut = file('cut.safetensors', bytes.subarray(0, bytes.length - 1000))
    await expectRefusal([command, cut], 'checkpoint-cut-short', /cut\.safetensors is cut short/)

    const flipped = Buffer.from(bytes)
    flipped[flipped.length - 5000] = (flipped[flipped.length - 5000] ?? 0) ^ 1
    await expectRefusal([command, file('flipped.safetensors', flipped)], 'checkpoint-damaged', /does not fit/)

    const newer = replaced(bytes, '"dalab.schema":"1"', '"dalab.schema":"9"')
    await expectRefusal(
      [command, file('newer.safetensors', newer)],
      'checkpoint-newer',
      /newer version of the lab \(format 9\)/,
    )
    await expectRefusal([command, join(terminal.files, 'none.safetensors')], 'file-not-found', /none/)
  })

  it('with a tensor of the wrong shape is refused', async () => {
    const tensors = [
      { name: 'source_encoder.conv1.weight', shape: [32, 1, 3, 3], data: new Float32Array(288) },
    ]
    const wrong = file('wrong.safetensors', encodeSafetensors(tensors, {}))
    await expectRefusal(
      ['import', wrong],
      'checkpoint-wrong-shape',
      /has the shape \[?32[, x]+1[, x]+3[, x]+3/,
    )
  })

  it('evaluated on what cannot be is refused', async () => {
    const evaluate = ['evaluate', checkpoint]
    await expectRefusal([...evaluate, '--classes', '2,3,4'], 'unequal-classes', /2 classes and the target 3/)
    await expectRefusal([...evaluate, '--pairing', '0,2'], 'invalid-pairing', /0.*2/)
    await expectRefusal([...evaluate, '--dataset', 'upsp'], 'unknown-dataset', /nearest is "usps"/)
    await expectRefusal([...evaluate, '--classes', '2,77'], 'unknown-class', /no class "77"/)
    await expectRefusal([...evaluate, '--count', '99999'], 'count-too-large', /only 364/)
  })

  it('as a pickle that asks to call something is refused, and nothing is called', async () => {
    const path = folder('recipe')
    copyFileSync(join(__dirname, '../fixtures/npy/calls-system.npy'), join(path, 'MS.npy'))
    await expectRefusal(['import', path], 'pickle-forbidden', /asks to call .*system/)
  })

  it('of a backbone is refused by what it is', async () => {
    const fixture = (name: string) => join(__dirname, '../fixtures/torch-files', `${name}.pth`)
    const importOf = (name: string) => ['backbones', '--import', fixture(name)] as const
    await expectRefusal(importOf('calls-system'), 'torch-needs-code', /asks to call posix\.system/)
    await expectRefusal(importOf('whole'), 'torch-whole-model', /holds a whole model.*__main__\.Net/)
    await expectRefusal(
      importOf('state'),
      'backbone-unrecognised',
      /no network known here: it holds 7 tensors/,
    )
    await expectRefusal(['backbones', '--as', 'resnet-18'], 'missing-argument', /--import FILE/)
    await expectRefusal([...importOf('state'), '--as', 'resnet-81'], 'not-one-of', /resnet-18/)
    const lite0 = join(__dirname, '../../assets/backbones/efficientnet-lite0.safetensors')
    await expectRefusal(
      ['backbones', '--import', lite0, '--as', 'resnet-50'],
      'backbone-other-network',
      /are those of EfficientNet-Lite0, but those of ResNet-50 are needed/,
    )
  })

  it.runIf(existsSync('/sys/kernel'))('is not exported to where nobody may write', async () => {
    await expectRefusal(
      ['export', checkpoint, '--format', 'safetensors', '--out', '/sys/kernel/dalab.safetensors'],
      'no-permission',
      /no permission to write or read \/sys\/kernel\/dalab\.safetensors/,
    )
  })

  it('is not exported over what is there', async () => {
    const there = file('there.safetensors', 'mine')
    await expectRefusal(
      ['export', checkpoint, '--format', 'safetensors', '--out', there],
      'already-there',
      /already something at/,
    )
    expect(readFileSync(there, 'utf8')).toBe('mine')
  })
})

describe('a run', () => {
  it('that is not there is refused with the nearest', async () => {
    for (const command of ['resume', 'checkpoints', 'trash']) {
      await expectRefusal([command, `${run}x`], 'unknown-run', new RegExp(`nearest is "${run}"`))
    }
    await expectRefusal(['compare', run, 'other'], 'unknown-run', /no run "other"\.\n$/)
    await expectRefusal(['compare', run, '--against', 'other'], 'unknown-run', /no run "other"\.\n$/)
    await expectRefusal(['compare', run], 'missing-argument', /needs RUNS/)
    for (const command of ['card', 'validators'])
      await expectRefusal([command, run, 'nope'], 'unknown-run', /no run "nope"\.\n$/)
    await expectRefusal(['restore', run], 'not-in-trash', /in the trash/)
  })

  it('that is done, or has no such round, cannot be resumed', async () => {
    await expectRefusal(['resume', run], 'nothing-to-resume', /ask for more rounds/)
    await expectRefusal(['resume', run, '--round', '7'], 'unknown-round', /no checkpoint of round 7/)
  })

  it('is not begun where nothing may be written', async () => {
    const inTheWay = join(file('in-the-way', ''), 'data')
    await expectRefusal(
      ['run', '--preset', 'published', '--data-folder', inTheWay],
      'not-a-folder',
      /part of .*in-the-way.* is a file/,
    )
  })

  it('whose loss is no longer a number stops with one line that says which and when', async () => {
    const said = await terminal.run(
      ...smallExperiment,
      ...['--rounds', '1', '--set', 'sourceStage.learningRate=10', 'sourceStage.epochs=20', '--json'],
    )
    expect(documentOf(said)).toMatchObject({ error: { code: 'source-loss-not-finite' } })
    expect(said.stderr).toMatch(/\nThe loss of the source stage is no longer a finite number in epoch \d+/)
    expect(said.code).toBe(2)
  })
})
