/**
 * `npm run weights -- --out FILE` trains every preset for one round, and every method on every encoder for two rounds
 * on a few images, and writes a digest of the weights. `--against FILE` compares with an earlier file: after a change
 * that should not affect training, not one bit may differ. Digests from different processors or thread counts differ
 * by rounding. `--only published,first-look` trains these alone.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkout } from './machine.mjs'
import { readOptions } from './options.mjs'
import { runProgram } from './progress.mjs'
import { setUpLab } from './setup.mjs'

const options = { out: { type: 'string' }, against: { type: 'string' }, only: { type: 'string' } }

/** Small enough to train in seconds, large enough for three batches. */
const fewImages = ['source.count=200', 'target.count=200', 'adaptation.batch=50']

async function main() {
  const { out, against, only } = readOptions({ command: 'weights', args: process.argv.slice(2), options })
  await setUpLab()
  const digests = {}
  const chosen = only?.split(',')
  for (const { name, args } of experiments().filter(({ name }) => chosen?.includes(name) ?? true)) {
    digests[name] = weightsAfter(args)
    console.log(`${digests[name].slice(0, 16)}  ${name}`)
  }
  if (out) writeFileSync(out, `${JSON.stringify(digests, null, 2)}\n`)
  if (!against) return 0
  const earlier = Object.entries(JSON.parse(readFileSync(against, 'utf8')))
  return compare(digests, Object.fromEntries(earlier.filter(([name]) => chosen?.includes(name) ?? true)))
}

function experiments() {
  const presets = readdirSync(join(checkout, 'assets', 'presets'))
    .map((file) => file.replace('.json', ''))
    // It needs photos of the user.
    .filter((id) => id !== 'photos')
  const methods = lab(['methods']).map(({ id }) => id)
  const encoders = ['lenet', 'lenet-bn', 'lenet-mlp']
  return [
    ...presets.map((id) => ({ name: id, args: ['--preset', id, '--rounds', '1'] })),
    ...encoders.flatMap((encoder) => methods.map((method) => smallExperiment(method, encoder))),
  ]
}

function smallExperiment(method, encoder) {
  const settings = [`adaptation.method=${method}`, `model.encoder=${encoder}`, ...fewImages]
  return {
    name: `${method} on ${encoder}`,
    args: ['--preset', 'first-look', '--rounds', '2', '--set', ...settings],
  }
}

/** Digest of all tensors of all checkpoints, names included; metadata such as dates is left out. */
function weightsAfter(args) {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-weights-'))
  try {
    const { checkpoints } = lab(['--data-folder', folder, 'run', ...args])
    const hash = createHash('sha256')
    for (const path of checkpoints) updateWithTensors(hash, readFileSync(path))
    return hash.digest('hex')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function updateWithTensors(hash, file) {
  const end = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.subarray(8, end).toString())
  const names = Object.keys(header).filter((name) => name !== '__metadata__')
  for (const name of names.sort()) {
    const [from, to] = header[name].data_offsets
    hash
      .update(`${name} ${header[name].dtype} ${header[name].shape}\n`)
      .update(file.subarray(end + from, end + to))
  }
}

function lab(args) {
  const command = [join(checkout, 'build', 'lab.mjs'), '--json', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (status !== 0) throw new Error(`lab ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}

function compare(digests, earlier) {
  const names = [...new Set([...Object.keys(earlier), ...Object.keys(digests)])]
  const differing = names.filter((name) => digests[name] !== earlier[name])
  for (const name of differing) console.log(`differs: ${name}`)
  console.log(`${names.length - differing.length} of ${names.length} the same, bit for bit`)
  return differing.length === 0 ? 0 : 1
}

await runProgram(main)
