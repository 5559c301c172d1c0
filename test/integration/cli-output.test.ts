/**
 * Output of the command line: a failed write is never reported as success, and names from files are printed as text.
 */
import { spawnSync } from 'child_process'
import { mkdirSync, writeFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../src/checkpoints/safetensors'
import { formats } from '../../src/data/formats/registry'
import { efficientnetLite0 } from '../../src/networks/backbones/efficientnet-lite0'
import { backbones as declared } from '../../src/networks/backbones/registry'
import { greyPng } from './png'
import { temporaryFolder } from './programs'

const program = join(__dirname, '../../dist/cli.cjs')
const folder = temporaryFolder()

/** Runs a shell command line in which `lab` is the program. */
function shell(line: string) {
  const script = `set -o pipefail; lab() { "${process.execPath}" "${program}" "$@"; }; ${line}`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C.UTF-8', DALAB_DATA: join(folder, 'data') },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe.runIf(process.platform === 'linux')('standard output that is full', () => {
  it.each(['--json runs', 'presets', '--help'])('is an error of its own: %s', (argv) => {
    const { status, stderr } = shell(`lab ${argv} > /dev/full`)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^Standard output could not be written \(no space is left there\)[^\n]*\n$/)
  })

  it('is said beside what else is wrong, and a full standard error changes nothing', () => {
    const { status, stderr } = shell('lab --json nope > /dev/full')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^There is no command "nope"[^\n]*\nStandard output could not be written[^\n]*\n$/)
    expect(shell('lab nope 2> /dev/full').status).toBe(2)
    expect(shell('lab runs 2> /dev/full')).toMatchObject({ status: 0, stderr: '' })
  })
})

it.runIf(process.platform !== 'win32')(
  'a reader that has seen enough ends the program without a word',
  () => {
    expect(shell('lab methods | true')).toEqual({ status: 0, stdout: '', stderr: '' })
  },
)

it('a tensor of any name is shown as text', () => {
  const file = join(folder, 'names.safetensors')
  const name = '\x1b]0;owned\x07\x9b2J\u202egnp\nforged'
  writeFileSync(file, encodeSafetensors([{ name, shape: [1], data: Float32Array.of(0) }], {}))
  const text = shell(`lab show "${file}"`)
  expect(text.status).toBe(0)
  expect(text.stdout).toContain('\ufffd]0;owned\ufffd\ufffd2J\ufffdgnp\ufffdforged')
  const json = shell(`lab show "${file}" --json`).stdout
  expect(json).toContain('\\u202egnp')
  expect(JSON.parse(json)).toMatchObject({ tensors: [{ name }] })
})

it('a data folder that is a file is no empty one', () => {
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'other', 'file'), '')
  const { status, stdout, stderr } = shell('lab runs --data-folder other/file')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('is a file, but must be a folder')
})

describe('a dataset before its import', () => {
  it('is shown with its format, sizes, classes and notes, and nothing is kept', () => {
    const pets = join(folder, 'pets')
    for (const [name, side] of [
      ['cat', 4],
      ['狗', 9],
    ] as const) {
      mkdirSync(join(pets, name), { recursive: true })
      writeFileSync(join(pets, name, '1.png'), greyPng(side, 7))
    }
    writeFileSync(join(pets, 'cat', 'broken.png'), greyPng(4, 7).subarray(0, 30))
    const refused = shell(`lab datasets --preview "${pets}"`)
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^The image [^\n]*broken\.png[^\n]*\n$/)
    const { status, stdout } = shell(`lab datasets --preview "${pets}" --skip-undecodable`)
    expect(status).toBe(0)
    expect(stdout.split('\n').map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
      'format Folder of images',
      'samples train 2',
      'size 4-9 x 4-9 pixels, grey',
      'classes 2',
      'class train',
      'cat 1',
      '狗 1',
      expect.stringContaining('cat/broken.png'),
      'Nothing was imported: that needs --import PATH --name NAME.',
      '',
    ])
    const json = JSON.parse(shell(`lab datasets --preview "${pets}" --skip-undecodable --json`).stdout)
    expect(json).toMatchObject({
      format: 'image-folder',
      sizes: { width: { least: 4, most: 9 } },
      summary: { classNames: ['cat', '狗'], notes: [{ code: 'files-skipped' }] },
    })
    expect(json).not.toHaveProperty('sample')
    expect(JSON.parse(shell('lab datasets --json').stdout)).toHaveLength(2)
    expect(shell(`lab datasets --preview "${pets}" --import "${pets}"`).status).toBe(2)
  })

  it('may be a list whose paths start from a folder named from where the command is typed', () => {
    mkdirSync(join(folder, 'flat'))
    mkdirSync(join(folder, 'lists', 'deep'), { recursive: true })
    writeFileSync(join(folder, 'flat', 'a.png'), greyPng(4, 7))
    writeFileSync(join(folder, 'lists', 'deep', 'truth.csv'), 'file,digit\na.png,2\n')
    const refused = shell('lab datasets --preview lists/deep/truth.csv')
    expect(refused.stderr).toMatch(/such as a\.png, do not lie beside it.* --root FOLDER decides/)
    const { status, stdout } = shell('lab datasets --preview lists/deep/truth.csv --root flat')
    expect(status).toBe(0)
    expect(stdout).toMatch(/Image list\n[^]*\n +2 +1\n/)
  })

  it('has one of the formats that are listed', () => {
    expect(shell('lab datasets --formats').stdout).toContain('Folder of images')
    const listed = JSON.parse(shell('lab datasets --formats --json').stdout) as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual(formats.map(({ id }) => id))
  })
})

describe('the backbones', () => {
  it('are listed with the weights that are here, and weights are brought from a file', () => {
    const lite0 = join(__dirname, '../../assets/backbones/efficientnet-lite0.safetensors')
    const digest = efficientnetLite0.weights ?? ''
    expect(shell('lab backbones').stdout).toMatch(
      new RegExp(`^name .*\nefficientnet-lite0 .* 1280 .*come with the lab .*13\\.7 MB .*${digest}\n`),
    )
    const { backbones } = JSON.parse(shell('lab backbones --json').stdout) as { backbones: unknown[] }
    expect(backbones).toHaveLength(declared.length)
    expect(backbones[0]).toMatchObject({ id: 'efficientnet-lite0', weights: [{ digest, isBundled: true }] })
    const { status, stdout } = shell(`lab backbones --import "${lite0}"`)
    expect(status).toBe(0)
    expect(stdout).toBe(`These weights of EfficientNet-Lite0 are here already, digest ${digest}.\n`)
  })
})
