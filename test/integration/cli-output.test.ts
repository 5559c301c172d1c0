/**
 * Output of the command line: a failed write is never reported as success, and names from files are printed as text.
 */
import { spawnSync } from 'child_process'
import { mkdirSync, writeFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../src/checkpoints/safetensors'
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
