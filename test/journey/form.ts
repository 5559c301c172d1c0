/** Fills in the form and runs the experiment. */
import type { Page } from 'playwright-core'
import { recordOf, runsIn, until } from './disk'

export interface SmallExperiment {
  /** Images of each domain. */
  readonly count: number
  readonly rounds: number
  readonly seed: number
}

export const field = (page: Page, path: string) => page.locator(`[data-path="${path}"]`)

export async function fillInSmall(page: Page, small: SmallExperiment): Promise<void> {
  for (const domain of ['source', 'target']) {
    const group = page.locator('.domain').nth(domain === 'source' ? 0 : 1)
    const count = field(page, `${domain}.count`)
    if (!(await count.isVisible())) await group.locator('summary').last().click()
    await group.getByRole('checkbox').uncheck()
    await count.fill(String(small.count))
  }
  await field(page, 'adaptation.epochs').fill(String(small.rounds))
  await field(page, 'adaptation.learningRate').fill('0.001')
  await field(page, 'seed').fill(String(small.seed))
}

/** Presses Start and returns the id of the new run. */
export async function start(page: Page, dataFolder: string): Promise<string> {
  const before = new Set(runsIn(dataFolder))
  await page.getByTestId('start').click()
  await until(() => runsIn(dataFolder).some((run) => !before.has(run)))
  const [run] = runsIn(dataFolder).filter((one) => !before.has(one))
  if (run === undefined) throw new Error('no run began')
  return run
}

/** Waits until the run has ended, on disk and on the page. */
export async function ended(page: Page, dataFolder: string, run: string): Promise<void> {
  await until(() => recordOf(dataFolder, run).state !== 'running')
  await page.getByTestId('start').waitFor()
}

export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}
