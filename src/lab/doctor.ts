/** Checks every part that the lab needs by using it, not only by looking for it. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { makeFolder } from '../files/atomic'
import { readFigures } from '../checkpoints/metrics'
import { readRecord } from '../checkpoints/run-record'
import { runsFolder } from '../checkpoints/run-folder'
import { folderNames } from '../files/folder'
import { freeBytes } from '../files/free-space'
import { toErrorMessage } from '../contract/errors'
import { domainSchema, modelSchema } from '../contract/experiment'
import type { CommandOutput } from '../contract/lab'
import type { LabContext } from './context'

type Part = CommandOutput<'doctor'>[number]

const gigabyte = 2 ** 30

export async function examine(context: LabContext): Promise<Part[]> {
  const node: Part = { part: 'node', version: process.versions.node, state: 'ok', hint: process.execPath }
  const tried = [
    tensorflow(context),
    dataset(context, 'mnist'),
    dataset(context, 'usps'),
    dataFolder(context),
    steps(context),
  ]
  return [node, ...(await Promise.all(tried))]
}

/** `hint` is a path, a command or an error code, so it needs no translation. */
async function examined(part: string, look: () => Promise<Omit<Part, 'part'>>): Promise<Part> {
  try {
    return { part, ...(await look()) }
  } catch (error) {
    const { code, params } = toErrorMessage(error)
    return { part, version: '', state: 'missing', hint: [code, ...Object.values(params)].join(' ') }
  }
}

function tensorflow(context: LabContext): Promise<Part> {
  return examined('tensorflow', async () => {
    const {
      tensorflow: version,
      oneDnn,
      threads,
      tfjsNode,
    } = await context.analyst.ask('machinery', {
      threads: context.threads(),
    })
    return {
      version,
      state: 'ok',
      hint: `tfjs-node ${tfjsNode}, oneDNN ${String(oneDnn)}, threads ${threads}`,
    }
  })
}

/** Reading one image checks the digest of the whole dataset. */
function dataset(context: LabContext, id: string): Promise<Part> {
  return examined(id, async () => {
    const domain = domainSchema.parse({ dataset: id, classes: [0], count: 1 })
    const { datasets } = context.folders()
    await context.analyst.ask('gallery', { domain, model: modelSchema.parse({}), count: 1, datasets })
    return { version: '', state: 'ok', hint: '' }
  })
}

/** Methods with a run here that had to run its steps one operation at a time, each with the reason. */
function steps(context: LabContext): Promise<Part> {
  return examined('steps', async () => {
    const runs = runsFolder(context.folders().data)
    const reasons = await Promise.all((await folderNames(runs)).map((name) => whyEager(join(runs, name))))
    const hint = [...new Set(reasons.flat())].join(', ')
    return { version: '', state: hint === '' ? 'ok' : 'warning', hint }
  })
}

/** Empty for a run that cannot be read: the list of runs reports that. */
async function whyEager(folder: string): Promise<string[]> {
  try {
    const { adaptation } = (await readRecord(folder)).experiment
    const { obstacles } = await readFigures(folder)
    return obstacles.map((code) => `${adaptation.method}: ${code}`)
  } catch {
    return []
  }
}

function dataFolder(context: LabContext): Promise<Part> {
  const { data } = context.folders()
  return examined('data-folder', async () => {
    await makeFolder(data)
    const probe = join(data, `.probe-${process.pid}`)
    await fs.writeFile(probe, '')
    await fs.unlink(probe)
    const free = await freeBytes(data)
    const space = free === null ? '' : `, ${(free / gigabyte).toFixed(1)} GiB`
    const isOpen = await isOpenToOthers(data)
    return {
      version: '',
      state: isOpen || (free !== null && free < gigabyte) ? 'warning' : 'ok',
      hint: `${data}${space}${isOpen ? `; chmod 700 '${data.replace(/'/g, "'\\''")}'` : ''}`,
    }
  })
}

/** The lab creates the folder for this user only; an existing folder keeps its mode. Windows has no POSIX mode. */
async function isOpenToOthers(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return false
  return ((await fs.stat(folder)).mode & 0o077) !== 0
}
