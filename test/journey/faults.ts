/**
 * Faults caused by users and by other programs, on the page and in its data folder, and the page's messages; on any
 * host.
 */
import { mkdirSync, renameSync, rmSync } from 'fs'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { copyRun, folderOf, recordOf, runsIn, until } from './disk'
import { field, goTo } from './form'
import type { LabWindow } from './lab-window'

export const toChinese = (page: Page) => page.getByRole('button', { name: 'Read in Chinese (中文)' }).click()
export const toEnglish = (page: Page) => page.getByRole('button', { name: '切换到英文 EN' }).click()

/** Checks a message in English and in Chinese. */
export async function saysInBoth(
  page: Page,
  said: (page: Page) => Promise<string>,
  english: RegExp,
  chinese: RegExp,
) {
  await until(async () => english.test(await said(page)))
  await toChinese(page)
  await until(async () => chinese.test(await said(page)))
  await toEnglish(page)
}

export const textOf = (selector: string) => async (page: Page) => {
  const found = page.locator(selector).last()
  return (await found.count()) === 0 ? '' : ((await found.textContent()) ?? '')
}
const noticeOf = textOf('[data-testid="notice"]')

async function dismissNotices(page: Page): Promise<void> {
  const close = page.getByTestId('notice').locator('.icon-button')
  while ((await close.count()) > 0) await close.first().click()
}

/** Bad values in the form of the experiment page: reported at the field, and no run starts. */
export async function refuseBadValues({ page }: LabWindow, dataFolder: string): Promise<void> {
  await page.getByTestId('preset').selectOption('published')
  const start = page.getByTestId('start')
  await until(() => start.isEnabled())
  const before = runsIn(dataFolder)
  const cases: [string, string, RegExp, RegExp][] = [
    ['adaptation.learningRate', '0', /^At least 0\.000000001\.$/, /^不能小于/],
    ['seed', 'one', /^Enter a number\.$/, /数/],
    ['adaptation.shots', '1001', /^At most 1000\.$/, /1000/],
  ]
  for (const [path, bad, english, chinese] of cases) {
    const good = await field(page, path).inputValue()
    await field(page, path).fill(bad)
    await saysInBoth(page, textOf(`[data-problem="${path}"]`), english, chinese)
    expect(await start.isDisabled()).toBe(true)
    await field(page, path).fill(good)
    await until(() => start.isEnabled())
  }
  const target = page.locator('.domain').nth(1)
  await target.getByRole('button', { name: '4', exact: true }).click()
  await saysInBoth(page, textOf('[data-problem="pairing"]'), /2 classes and the target 3/, /2 个.*3 个/)
  expect(await start.isDisabled()).toBe(true)
  await target.getByRole('button', { name: '4', exact: true }).click()
  await until(() => start.isEnabled())

  await target.locator('summary').last().click()
  await target.getByRole('checkbox').uncheck()
  await field(page, 'target.count').fill('99999')
  const sentence = textOf('[data-problem="target.count"]')
  await saysInBoth(page, sentence, /asks for 99999 images, but there are only/, /目标域要 99999 张/)
  expect(await start.isDisabled()).toBe(true)
  await target.getByRole('checkbox').check()
  await until(() => start.isEnabled())
  expect(runsIn(dataFolder)).toEqual(before)
}

/** Run folders deleted, renamed and replaced by hand while the page shows them. */
export async function outliveMovedFolders({ page, problems }: LabWindow, dataFolder: string): Promise<void> {
  const [kept] = runsIn(dataFolder)
  if (kept === undefined) throw new Error('no run is there')
  await goTo(page, 'Checkpoints')
  const row = (run: string) => page.locator(`[data-run="${run}"]`)

  const deleted = copyRun(dataFolder, kept, (record) => record)
  await row(deleted).click()
  await page.getByTestId('watch').click()
  await page.getByTestId('watched-run').locator(`option[value="${deleted}"]`).waitFor({ state: 'attached' })
  rmSync(folderOf(dataFolder, deleted), { recursive: true })
  await saysInBoth(page, noticeOf, new RegExp(`There is no run "${deleted}"`), /没有.*这次运行/)
  // The strip of notices must not cover the page. Its first notice marks its top.
  const parts = [page.getByTestId('notice').first(), page.locator('main')]
  const [strip, main] = parts.map((part) => part.boundingBox())
  expect((await strip)!.y).toBeGreaterThanOrEqual((await main)!.y + (await main)!.height)
  await dismissNotices(page)
  await goTo(page, 'Checkpoints')
  await until(async () => (await row(deleted).count()) === 0)

  const old = copyRun(dataFolder, kept, (record) => record)
  await row(old).click()
  const renamed = `${old}-renamed`
  renameSync(folderOf(dataFolder, old), folderOf(dataFolder, renamed))
  await row(renamed).waitFor()
  await until(async () => (await row(old).count()) === 0)
  await row(renamed).click()
  await page.getByTestId('rounds').locator('tbody tr').first().waitFor()
  await page.getByTestId('note').fill('found again')
  await page.getByTestId('note').blur()
  await row(renamed).getByText('found again').waitFor()

  // A folder in place of the file: not even root can write the file.
  const blocked = copyRun(dataFolder, kept, (record) => record)
  mkdirSync(`${folderOf(dataFolder, blocked)}/annotations.json`, { recursive: true })
  await row(blocked).click()
  await saysInBoth(page, textOf('[data-testid="damage"]'), /annotations\.json/, /annotations\.json.*文件/)
  await page.getByTestId('note').fill('cannot be kept')
  await page.getByTestId('note').blur()
  const atNote = textOf('.detail [data-testid="problem"]')
  await saysInBoth(page, atNote, /annotations\.json is a folder|annotations\.json/, /\p{Script=Han}/u)
  expect(await noticeOf(page)).toBe('')

  for (const run of [renamed, blocked]) rmSync(folderOf(dataFolder, run), { recursive: true })
  await until(async () => (await row(renamed).count()) + (await row(blocked).count()) === 0)
  await row(kept).click()
  await page.getByTestId('rounds').locator('tbody tr').first().waitFor()
  expect(recordOf(dataFolder, kept).state).toBe('finished')
  await goTo(page, 'Experiment')
  expect(problems).toEqual([])
}
