/**
 * `npm run window:speed -- [--seconds N] [--turns N] [--count N] [--profile FILE]`: frame times and response times of
 * the window while a run trains at full speed with the experiment page open.
 */
import { parseArgs } from 'util'
import { roundsOf, until } from '../journey/disk'
import { field, fillInSmall, start } from '../journey/form'
import { desktopHost } from '../desktop/electron'
import { answersTo, type Answer } from './window/actions'
import { beginFrames, endFrames, framesOver, type Frames } from './window/instruments'
import { profiled } from './window/profile'
import { measured, note } from './window/script'
import { percentile, round1, spread } from './window/statistics'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    /** Number of repetitions of all actions. */
    turns: { type: 'string', default: '3' },
    /** Images of each domain; as in the published experiment if omitted. */
    count: { type: 'string' },
    profile: { type: 'string' },
  },
})

/** More rounds than the measurement needs; the run is stopped at its end. */
const rounds = 200
const roundsToScrub = 5

function ofFrames({ intervals, longTasks }: Frames) {
  return {
    frames: intervals.length,
    medianMs: spread(intervals).median,
    p95Ms: round1(percentile(intervals, 0.95)),
    p99Ms: round1(percentile(intervals, 0.99)),
    worstMs: spread(intervals).most,
    longTasks,
  }
}

function ofAnswers(answers: readonly Answer[]) {
  const kinds = [...new Set(answers.map(({ action }) => action))]
  const times = (some: readonly Answer[]) => some.map(({ ms }) => ms)
  return {
    ...spread(times(answers)),
    p95: round1(percentile(times(answers), 0.95)),
    byDeed: Object.fromEntries(
      kinds.map((kind) => [kind, spread(times(answers.filter(({ action }) => action === kind)))]),
    ),
  }
}

void measured(async ({ dataFolder }) => {
  const host = desktopHost(dataFolder)
  const desktop = await host.open()
  const { page } = desktop
  await page.getByTestId('start').waitFor()
  await page.getByTestId('preset').selectOption('published')
  if (values.count !== undefined) await fillInSmall(page, { count: Number(values.count), rounds, seed: 0 })
  await field(page, 'adaptation.epochs').fill(String(rounds))
  const run = await start(page, dataFolder)
  await until(() => roundsOf(dataFolder, run).length > roundsToScrub)
  note('watching')
  const [before, file] = [roundsOf(dataFolder, run).length, values.profile ?? null]
  const watching = await profiled(page, file, () => framesOver(page, Number(values.seconds)))
  const during = roundsOf(dataFolder, run).slice(before)
  note('doing')
  const answers: Answer[] = []
  await beginFrames(page)
  await profiled(page, file === null ? null : `${file}.actions`, async () => {
    for (let turn = 0; turn < Number(values.turns); turn++)
      answers.push(...(await answersTo(page, roundsToScrub)))
  })
  const { longTasks } = await endFrames(page)
  await page.getByTestId('stop').click()
  await page.getByTestId('resume').waitFor()
  await desktop.close()
  return {
    watching: { seconds: Number(values.seconds), ...ofFrames(watching) },
    doing: { answersMs: ofAnswers(answers), longTasks },
    training: {
      rounds: during.length,
      pairsPerSecond: spread(during.flatMap(({ pairsPerSecond }) => pairsPerSecond ?? [])),
    },
    problems: desktop.problems,
  }
})
