/**
 * Crash reports in logs/crashes: one text file for each process that ended without its final message or with an
 * unforeseen error. Reports stay on this machine; the oldest are deleted.
 */
import { readdirSync, unlinkSync, writeFileSync } from 'fs'
import os from 'os'
import { join } from 'path'
import { inspect } from 'util'
import { version } from '../../package.json'
import { makeFolderSync } from '../files/folder'
import { logText } from '../files/rolling-log'
import { tailOf } from '../files/tail'
import { logFile } from './log'

export interface Crash {
  readonly process: 'main' | 'page' | 'terminal' | 'trainer' | 'analyst'
  /** A signal, an exit code, a reason given by Chromium, or an error code of the lab. */
  readonly code: string
  readonly error?: unknown
}

export const crashFolder = (logs: string): string => join(logs, 'crashes')

const maxReports = 20
const maxReportBytes = 64 * 1024
const lastLines = 60

/** Writes the report and returns its path; null if it cannot be written, which must not cause another crash. */
export function reportCrash(logs: string, crash: Crash): string | null {
  try {
    const folder = crashFolder(logs)
    makeFolderSync(folder)
    const time = new Date().toISOString()
    const file = join(folder, `${time.replace(/[:.]/g, '-')}-${crash.process}-${process.pid}.txt`)
    writeFileSync(file, Buffer.from(logText(textOf(crash, time, logs))).subarray(0, maxReportBytes))
    makeRoom(folder)
    return file
  } catch {
    return null
  }
}

function textOf({ process: name, code, error }: Crash, time: string, logs: string): string {
  const { node, electron, chrome, v8 } = process.versions as Record<string, string | undefined>
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['time', time],
    ['process', name],
    ['code', code],
    ['lab', version],
    ['node', node],
    ['electron', electron],
    ['chromium', chrome],
    ['v8', v8],
    ['system', `${process.platform} ${process.arch} ${os.release()}`],
    ['memory', `${megabytes(os.freemem())} of ${megabytes(os.totalmem())} MB free`],
  ]
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([what, value]) => `${what}: ${value ?? ''}`)
  const stack = error === undefined ? [] : ['', 'stack:', inspect(error)]
  return [
    ...lines,
    ...stack,
    '',
    'last lines of lab.log:',
    ...tailOf(logFile(logs), maxReportBytes / 2).slice(-lastLines),
    '',
  ].join('\n')
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20)

/** File names begin with the time, so sorting by name sorts by age. */
function makeRoom(folder: string): void {
  const reports = readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
  for (const name of reports.slice(0, -maxReports)) unlinkSync(join(folder, name))
}
