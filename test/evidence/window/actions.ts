/** Actions of a user in the window during training, each with the change on the page that shows its response. */
import type { Page } from 'playwright-core'
import { responseTo, type Shown } from './instruments'

export interface Answer {
  readonly action: string
  readonly ms: number
}

const pageShows: Readonly<Record<string, Shown>> = {
  checkpoints: { selector: '.checkpoints [data-run]' },
  compare: { selector: '.compare aside input[type=checkbox]' },
  data: { selector: '.data h1' },
  learn: { selector: '[data-testid="adapt"]' },
  settings: { selector: '.page > h1' },
  experiment: { selector: '[data-figure="accuracy"] canvas' },
}
const figures = ['accuracy', 'losses', 'verdicts', 'share', 'features']

/** Moves the pointer first and presses afterwards, as a user does. */
async function press(page: Page, selector: string, shown: Shown): Promise<number> {
  const box = await page.locator(selector).first().boundingBox()
  if (box === null) throw new Error(`${selector} is not there`)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await pause(page)
  return responseTo(page, 'mouseup', shown, async () => {
    await page.mouse.down()
    await page.mouse.up()
  })
}

/** Users are slower than this; the page is idle again before the next action. */
const pause = (page: Page): Promise<void> => page.waitForTimeout(150)

async function pages(page: Page): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const [name, shown] of Object.entries(pageShows)) {
    answers.push({ action: `page ${name}`, ms: await press(page, `nav a[href="#/${name}"]`, shown) })
    await pause(page)
  }
  return answers
}

async function tables(page: Page): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const name of figures) {
    const figure = `[data-figure="${name}"]`
    const menu = `${figure} button[aria-haspopup="menu"]`
    const first = '[role="menu"] [role="menuitem"]'
    const open = async () =>
      answers.push({ action: 'menu', ms: await press(page, menu, { selector: first }) })
    await open()
    answers.push({
      action: `table ${name}`,
      ms: await press(page, first, { selector: `${figure} .table tbody td` }),
    })
    await pause(page)
    await open()
    answers.push({ action: 'picture', ms: await press(page, first, { selector: `${figure} .plot` }) })
    await pause(page)
  }
  return answers
}

/** Presses the scrubber's keys one by one; strip, cursor and feature cloud all follow. */
async function scrubbing(page: Page, rounds: number): Promise<Answer[]> {
  const answers: Answer[] = []
  const scrubber = page.getByTestId('scrubber')
  await scrubber.focus()
  await page.keyboard.press('Home')
  for (let round = 1; round <= rounds; round++) {
    await pause(page)
    const shown = { selector: `[data-strip="now"][data-first-round="${round}"]`, redrawn: '.cloud' }
    answers.push({
      action: 'scrub',
      ms: await responseTo(page, 'keydown', shown, () => page.keyboard.press('ArrowRight')),
    })
  }
  await page.locator('.scrubber .button').last().click()
  return answers
}

async function looks(page: Page): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const theme of ['dark', 'light'])
    answers.push({
      action: 'theme',
      ms: await press(page, 'header .icon-button:last-of-type', { selector: `html[data-theme="${theme}"]` }),
    })
  for (const language of ['zh-Hans', 'en'])
    answers.push({
      action: 'language',
      ms: await press(page, 'header .words', { selector: `html[lang="${language}"]` }),
    })
  return answers
}

/** @param rounds number of rounds to scrub through, all of which must exist */
export async function answersTo(page: Page, rounds: number): Promise<Answer[]> {
  return [
    ...(await tables(page)),
    ...(await scrubbing(page, rounds)),
    ...(await pages(page)),
    ...(await looks(page)),
  ]
}
