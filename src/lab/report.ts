/**
 * Writes a bundle to attach to a bug report: versions, the doctor's results, the last lines of the logs, and the
 * record of one run. It contains no images, and nothing that identifies the machine or its user (redact.ts).
 */
import { promises as fs, realpathSync } from 'fs'
import os from 'os'
import { join, resolve } from 'path'
import { zipSync } from 'fflate'
import { version } from '../../package.json'
import { recordPath, metricsPath } from '../checkpoints/run-folder'
import { findRun, listRuns } from '../checkpoints/runs'
import type { CommandOutput } from '../contract/lab'
import { isPath } from '../data/open-dataset'
import { writeNew } from '../files/atomic'
import { namesIn } from '../files/folder'
import { tailOf } from '../files/tail'
import { crashFolder } from './crash-reports'
import { examine } from './doctor'
import type { LabContext } from './context'
import { createRedaction, type Machine, type Redaction } from './redact'

/** Limit for each log. */
const maxLogBytes = 2 ** 16
const maxCrashes = 5
/** Limit for run.json, and for the last lines of metrics.jsonl. */
const maxRunBytes = 2 ** 20

export interface ReportOrder {
  /** undefined: the newest run, if there is one. */
  readonly run?: string | undefined
  readonly out: string
}

/** @throws `unknown-run`, `already-there`, `no-permission`, `disk-full`, `file-not-found` */
export async function writeReport(
  context: LabContext,
  { run, out }: ReportOrder,
): Promise<CommandOutput<'report'>> {
  const { data, logs } = context.folders()
  const folder = run === undefined ? (await listRuns(data))[0]?.folder : await findRun(data, run)
  const record = folder === undefined ? null : read(recordPath(folder))
  const redaction = createRedaction(machineOf(data, record))
  const texts: [name: string, text: string][] = [
    ['versions.json', pretty(redaction.json(versions(context)))],
    ['doctor.json', pretty(redaction.json(await examine(context)))],
    ...(await logsIn(logs)).map(([name, text]): [string, string] => [name, redaction.text(text)]),
    ...(folder === undefined ? [] : await filesOfRun(folder, record ?? '', redaction)),
  ]
  const files = texts.map(([name, text]) => [name, Buffer.from(`${text.trimEnd()}\n`)] as const)
  const file = resolve(out)
  await writeNew(file, zipSync(Object.fromEntries(files)))
  return { file, contents: files.map(([name, { length }]) => ({ name, bytes: length })) }
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

function versions(context: LabContext) {
  const { dataFolder: _, ...settings } = context.settings.current()
  const { node, electron, chrome, v8 } = process.versions as Record<string, string | undefined>
  return {
    lab: version,
    node,
    electron,
    chromium: chrome,
    v8,
    system: `${process.platform} ${process.arch} ${os.release()}`,
    processors: `${os.cpus().length} x ${os.cpus()[0]?.model ?? ''}`,
    megabytes: Math.round(os.totalmem() / 2 ** 20),
    settings,
    time: new Date().toISOString(),
  }
}

/** The last lines of each log, and the last crash reports. */
async function logsIn(logs: string): Promise<[name: string, text: string][]> {
  const crashes = (await namesIn(crashFolder(logs))).filter((name) => name.endsWith('.txt')).sort()
  const names = ['lab.log', 'terminal.log', ...crashes.slice(-maxCrashes).map((name) => `crashes/${name}`)]
  return names
    .map((name): [string, string] => [`logs/${name}`, tailOf(join(logs, name), maxLogBytes).join('\n')])
    .filter(([, text]) => text !== '')
}

/** A broken record may be the reason for the report, so it is included as text. */
async function filesOfRun(
  folder: string,
  record: string,
  redaction: Redaction,
): Promise<[name: string, text: string][]> {
  const metrics = tailOf(metricsPath(folder), maxRunBytes)
  return [
    ['run/run.json', redactedJson(record, redaction, 2)],
    ['run/metrics.jsonl', metrics.map((line) => redactedJson(line, redaction)).join('\n')],
    ['run/files.txt', redaction.text((await listing(folder)).join('\n'))],
  ]
}

function redactedJson(text: string, redaction: Redaction, indent?: number): string {
  try {
    return JSON.stringify(redaction.json(JSON.parse(text)), null, indent)
  } catch {
    return redaction.text(text)
  }
}

/** Empty if the file does not exist. */
function read(path: string): string {
  return tailOf(path, maxRunBytes).join('\n')
}

/** The files in a run's folder, with sizes in bytes. The lab made up all of their names. */
async function listing(folder: string, under = ''): Promise<string[]> {
  const entries = await fs.readdir(join(folder, under), { withFileTypes: true }).catch(() => [])
  const lines: string[] = []
  for (const entry of entries) {
    const name = join(under, entry.name)
    if (entry.isDirectory()) lines.push(...(await listing(folder, name)))
    else lines.push(`${name} ${await sizeOf(join(folder, name))}`)
  }
  return lines
}

async function sizeOf(path: string): Promise<string> {
  const stat = await fs.lstat(path).catch(() => null)
  return stat === null ? '?' : String(stat.size)
}

/** A container may run as a user whose number has no name; the system then refuses to describe it. */
export function account(): Pick<os.UserInfo<string>, 'username' | 'homedir'> {
  try {
    return os.userInfo()
  } catch {
    return { username: '', homedir: '' }
  }
}

function machineOf(data: string, record: string | null): Machine {
  const { username, homedir } = account()
  const { HOME, USER, USERNAME, LOGNAME, HOSTNAME, COMPUTERNAME } = process.env
  const homes = [homedir, os.homedir(), HOME ?? '']
  const host = os.hostname()
  const folder = (path: string, word: string, isOurs = false) =>
    bothWays(path).map((way) => ({ path: way, word, isOurs }))
  return {
    folders: [
      ...folder(data, '<data>', true),
      ...folder(join(__dirname, '..'), '<program>', true),
      ...folder(os.tmpdir(), '<temporary>'),
      ...homes.flatMap((home) => folder(home, '<home>')),
    ],
    users: [username, USER ?? '', USERNAME ?? '', LOGNAME ?? ''],
    hosts: [host, host.split('.')[0] ?? '', HOSTNAME ?? '', COMPUTERNAME ?? ''],
    datasets: datasetPathsIn(record ?? '').flatMap((path) => [path, resolve(path)]),
  }
}

/** The path as given, and with links resolved. */
function bothWays(path: string): string[] {
  try {
    return [...new Set([path, realpathSync(path)])]
  } catch {
    return [path]
  }
}

/** Works on text, so that it also finds paths in a record that does not fit its schema. */
function datasetPathsIn(record: string): string[] {
  return [...record.matchAll(/"dataset":\s*("(?:[^"\\]|\\.)*")/g)]
    .map(([, quoted = '""']) => nameIn(quoted))
    .filter(isPath)
}

function nameIn(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return ''
  }
}
