/**
 * `npm run window:history -- [--runs N] [--rounds N] [--times N]`: response times of the checkpoints page with a long
 * history: a click from another page, a click right after the page was loaded, and the first click after program
 * start.
 */
import { parseArgs } from 'util'
import type { Page } from 'playwright-core'
import { desktopHost } from '../desktop/electron'
import { until } from '../journey/disk'
import { goTo } from '../journey/form'
import { responseTo, type Shown } from './window/instruments'
import { writeRun } from './window/many-runs'
import { profiled } from './window/profile'
import { measured, note } from './window/script'
import { spread } from './window/statistics'
import { trainOne } from './window/trained'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '40' },
    times: { type: 'string', default: '7' },
    /** Images of each domain in the run that the others are copied from; as published if omitted. */
    count: { type: 'string', default: '10000' },
    profile: { type: 'string' },
  },
})

const link = 'nav a[href="#/checkpoints"]'
/** All runs are listed. */
const list: Shown = { selector: '.checkpoints [data-run]', count: Number(values.runs) }
/** All rounds of the selected run are listed. */
const rounds: Shown = { selector: '[data-testid="rounds"] tbody tr', count: Number(values.rounds) + 1 }

async function click(page: Page, shown: Shown): Promise<number> {
  const box = await page.locator(link).boundingBox()
  if (box === null) throw new Error('no link')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  return responseTo(page, 'mouseup', shown, async () => {
    await page.mouse.down()
    await page.mouse.up()
  })
}

/** From the experiment page, with everything loaded. */
async function fromExperiment(page: Page, shown: Shown): Promise<number> {
  await goTo(page, 'Experiment')
  await page.locator('[data-figure="features"] .cloud').waitFor()
  await page.waitForTimeout(1000)
  return click(page, shown)
}

/** The page is reloaded and has no runs yet; the click follows as soon as the link exists. */
async function fromColdPage(page: Page): Promise<number> {
  await page.evaluate(() => (location.hash = '#/learn'))
  await page.addInitScript(clickAtOnce, { link, ...list })
  await page.reload()
  let shownAfter: number | undefined
  await until(async () => {
    shownAfter = await page.evaluate(() => (window as unknown as { shownAfter?: number }).shownAfter)
    return shownAfter !== undefined
  })
  await page.waitForTimeout(1000)
  return shownAfter ?? NaN
}

/** Runs in the page while it loads. */
function clickAtOnce({ link, selector, count = 1 }: { link: string } & Shown): void {
  const found = window as unknown as { shownAfter: number }
  const seek = () => {
    const target = document.querySelector<HTMLElement>(link)
    if (target === null) return void requestAnimationFrame(seek)
    const clicked = performance.now()
    target.click()
    const look = () => {
      if (document.querySelectorAll(selector).length < count) return void requestAnimationFrame(look)
      requestAnimationFrame(() => (found.shownAfter = performance.now() - clicked))
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(seek)
}

async function several(measure: () => Promise<number>): Promise<number[]> {
  const times: number[] = []
  for (let time = 0; time < Number(values.times); time++) times.push(await measure())
  return times
}

void measured(async (terminal) => {
  const { dataFolder } = terminal
  const trained = await trainOne(terminal, Number(values.count))
  note('writing')
  for (let run = 1; run < Number(values.runs); run++)
    await writeRun(dataFolder, trained, Number(values.rounds), `Run ${run}`)
  note('opening')
  const starts: number[] = []
  const host = desktopHost(dataFolder)
  for (let time = 0; time < 3; time++) {
    const fresh = await host.open()
    await fresh.page.locator(link).waitFor()
    starts.push(await click(fresh.page, list))
    await fresh.close()
  }
  const desktop = await host.open()
  const { page } = desktop
  await page.getByTestId('start').waitFor()
  const { toList, toRounds, cold } = await profiled(page, values.profile ?? null, async () => ({
    toList: await several(() => fromExperiment(page, list)),
    toRounds: await several(() => fromExperiment(page, rounds)),
    cold: await several(() => fromColdPage(page)),
  }))
  await desktop.close()
  return {
    runs: Number(values.runs),
    rounds: Number(values.rounds),
    events: trained.events.length,
    toListMs: spread(toList),
    toRoundsOfTheRunMs: spread(toRounds),
    coldPageToListMs: spread(cold),
    freshProgramToListMs: spread(starts),
    problems: desktop.problems,
  }
})
