/** `trash --empty` asks before it deletes permanently. The lab's deletion is a stub; everything it is asked is real. */
import { PassThrough, Writable } from 'stream'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/cli/program'
import type { RunSummary } from '../../../src/contract/run'

class Kept extends Writable {
  text = ''
  isTTY = true
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

const run: RunSummary = {
  id: '2026-01-01-shapes-abcd',
  folder: '/data/trash/2026-01-01-shapes-abcd',
  name: 'Shapes',
  created: '2026-01-01T00:00:00.000Z',
  state: 'finished',
  heldBy: null,
  method: 'adda',
  rounds: 1,
  epochs: 1,
  bytes: 1000,
  tags: [],
  note: '',
  sourceAccuracy: 1,
  sourceAccuracyBefore: 1,
  sourceJudge: 'MS',
  targetAccuracyBefore: 0.5,
  targetAccuracy: 1,
  targetAccuracyBestPairing: 1,
  unseenTargetAccuracy: null,
  estimatedAccuracy: null,
  estimatedAccuracyBefore: null,
  damage: [],
}
const dataset = {
  name: 'Photos (studio)',
  bytes: 2000,
  dataset: { id: 'Photos (studio)', title: 'Photos (studio)', classNames: ['circle', 'square'] },
}

/** @param typed the user's answer; null if there is no terminal */
async function said(typed: string | null, ...argv: string[]) {
  const calls: [string, unknown][] = []
  const answers: Readonly<Record<string, unknown>> = {
    trashed: [run],
    trashedDatasets: [dataset],
    datasetUse: { runs: [{ run: 'run-a', name: 'A' }], series: ['Seeds'] },
    emptyTrash: { bytes: 3000 },
    trashDataset: { name: 'Photos (studio)~2' },
    restoreDataset: { id: 'Photos (studio)' },
  }
  const lab = {
    call: (name: string, input: unknown) => {
      calls.push([name, input])
      return Promise.resolve(answers[name])
    },
    close: () => Promise.resolve(),
  }
  const [stdin, stdout, stderr] = [new PassThrough(), new Kept(), new Kept()]
  Object.assign(stdin, { isTTY: typed !== null })
  stdin.end(typed ?? '')
  const code = await runProgram(argv, {
    streams: { stdin: stdin as never, stdout: stdout as never, stderr: stderr as never },
    environment: { LANG: 'en' },
    program: 'dalab',
    version: '1',
    programs: '/programs',
    openLab: () => Promise.resolve(lab as never),
    keepDetails: () => null,
  })
  return {
    code,
    stdout: stdout.text,
    stderr: stderr.text,
    deleted: calls.find(([name]) => name === 'emptyTrash'),
  }
}

describe('emptying the trash', () => {
  it('asks, says that it is final and which runs would miss a dataset, and deletes what it named', async () => {
    const { code, stderr, stdout, deleted } = await said('y\n', 'trash', '--empty')
    expect(stderr).toContain('"Photos (studio)": run-a')
    expect(stderr).toContain('(runs: 1, datasets: 1, 3.0 kB) permanently? This cannot be undone. [y/N]')
    expect(deleted).toEqual(['emptyTrash', { runs: [run.id], datasets: [dataset.name] }])
    expect([code, stdout]).toEqual([0, 'The trash is empty; 3.0 kB are free again.\n'])
  })

  it.each(['n\n', '\n', 'yesterday\n', ''])('deletes nothing on the answer %j', async (typed) => {
    const { code, stdout, deleted } = await said(typed, 'trash', '--empty')
    expect([code, stdout, deleted]).toEqual([0, 'Nothing was deleted.\n', undefined])
  })

  it('refuses where nobody can be asked, unless it is told to', async () => {
    const { code, stderr, deleted } = await said(null, 'trash', '--empty')
    expect([code, deleted]).toEqual([2, undefined])
    expect(stderr).toContain('add --yes')
    expect((await said(null, 'trash', '--empty', '--yes')).deleted).toBeDefined()
  })
})

describe('a dataset in the trash', () => {
  it('is said to be missed by runs and series, with the way back under its name there', async () => {
    const { stdout } = await said(null, 'trash', '--dataset', 'Photos (studio)')
    expect(stdout).toContain('dalab restore --dataset "Photos (studio)~2"')
    expect(stdout).toContain('run-a, Seeds')
  })

  it('is listed with its classes, and comes back', async () => {
    expect((await said(null, 'trash')).stdout).toMatch(/Photos \(studio\) +circle, square +2\.0 kB/)
    const { stdout: listed } = await said(null, 'trash', '--json')
    expect(JSON.parse(listed)).toEqual({ runs: [run], datasets: [dataset] })
    const { stdout } = await said(null, 'restore', '--dataset', 'Photos (studio)')
    expect(stdout).toBe('Dataset "Photos (studio)" is restored.\n')
  })

  it.each([
    [['trash', 'a', '--dataset', 'b'], 'Give either "a" or "--dataset", not both.'],
    [['trash', '--dataset', 'b', '--empty'], 'Give either "--dataset" or "--empty", not both.'],
    [['restore', 'a', '--dataset', 'b'], 'Give either "a" or "--dataset", not both.'],
    [['restore'], 'The command "restore" needs RUN.'],
  ])('%j is refused', async (argv, sentence) => {
    expect(await said(null, ...argv)).toMatchObject({ code: 2, stderr: `${sentence}\n` })
  })
})
