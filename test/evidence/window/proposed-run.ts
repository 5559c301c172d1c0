/** A run of what the lab proposes for a source and a target that are brought to the experiment page. */
import type { Page } from 'playwright-core'
import type { RunRecord } from '../../../src/contract/record'
import { recordOf, until } from '../../journey/disk'
import { ended, start } from '../../journey/form'
import type { LabWindow } from '../../journey/lab-window'

/** A path that is dropped on a place, or the title of a dataset that is chosen in its menu. */
export type Brought = { readonly path: string } | { readonly dataset: string }

export async function bringDomain(
  window: LabWindow,
  domain: 'source' | 'target',
  brought: Brought,
): Promise<void> {
  const { page } = window
  const zone = page.getByTestId(`zone-${domain}`)
  await zone.waitFor()
  if ('path' in brought) await window.brought(brought.path, zone)
  else {
    await zone.locator('button[aria-haspopup="menu"]').click()
    await page.getByRole('menuitem', { name: brought.dataset, exact: true }).click()
  }
  await page.getByTestId(`zone-${domain}-dataset`).waitFor()
}

/** Presses Start and waits for the end. Throws if the run failed. */
export async function trainToEnd(page: Page, dataFolder: string): Promise<RunRecord> {
  await until(() => page.getByTestId('start').isEnabled())
  const run = await start(page, dataFolder)
  await until(() => recordOf(dataFolder, run).state !== 'running', 900_000)
  await ended(page, dataFolder, run)
  const record = recordOf(dataFolder, run)
  if (record.state !== 'finished') throw new Error(`the run in the window is ${record.state}`)
  return record
}
