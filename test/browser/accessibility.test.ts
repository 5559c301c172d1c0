/** Accessibility of every page: no violation of WCAG 2.1 AA found by axe, and every control reachable by keyboard. */
import { readFileSync, writeFileSync } from 'fs'
import { createRequire } from 'module'
import { join } from 'path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSeries } from '../../src/checkpoints/series'
import { encodeNpz } from '../../src/data/stored-arrays'
import { equalImages } from '../../src/data/dataset'
import { documentOf, openTerminal, smallExperiment } from '../integration/terminal'
import { copyRun, recordOf, until } from '../journey/disk'
import { isLong } from '../long'
import { browserHost, labBehind, type LabBehind, type ServedWindow } from './chromium'

const terminal = openTerminal()
const { dataFolder } = terminal
let window: ServedWindow
let lab: LabBehind
let first: string
let second: string
const page = (): Page => window.page

beforeAll(async () => {
  window = await browserHost(terminal).open()
  lab = labBehind(window)
  await page().getByTestId('start').waitFor()
  // Evaluated by the test, because the page's content security policy allows no other scripts.
  await page().evaluate(readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8'))
})
afterAll(async () => {
  await window.close()
  await terminal.remove()
})

type Look = Readonly<{ language: 'en' | 'zh'; theme: 'light' | 'dark' }>

/** Each language and each theme. */
const usual: readonly Look[] = [
  { language: 'en', theme: 'light' },
  { language: 'zh', theme: 'dark' },
]
const others: readonly Look[] = [
  { language: 'en', theme: 'dark' },
  { language: 'zh', theme: 'light' },
]
const looks = isLong ? [...usual, ...others] : usual

async function show(look: Look): Promise<void> {
  await lab.call('changeSettings', look)
  const lang = look.language === 'zh' ? 'zh-Hans' : 'en'
  await page().locator(`html[lang="${lang}"][data-theme="${look.theme}"]`).waitFor()
}

/** Rule, element and reason of each violation. */
async function violations(): Promise<string[]> {
  const { violations: found } = await page().evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }
    return axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      resultTypes: ['violations'],
    })
  })
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`),
  )
}

const goTo = (name: string) => page().locator(`nav a[href="#/${name}"]`).click()

/** Opens all collapsed sections. */
const unfold = () =>
  page().evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true
  })

/** Closes the open dialog. */
const closeDialog = async () => {
  await page().keyboard.press('Escape')
  await until(async () => (await page().locator('dialog[open]').count()) === 0)
}

function dataset(name: string): string {
  const train = { pixels: new Uint8Array(4 * 64).fill(90), labels: Uint8Array.from([0, 1, 0, 1]) }
  const path = join(terminal.files, name)
  writeFileSync(path, encodeNpz(equalImages({ width: 8, height: 8, channels: 1, test: null, train })))
  return path
}

const choose = (path: string) => window.chosen(path, () => page().locator('.drop button').first().click())

/** What is shown, in this order: each scene starts from the previous one. */
const scenes: Readonly<Record<string, () => Promise<void>>> = {
  'the experiment before any run': unfold,
  async 'the experiment with a finished run'() {
    const trained = await terminal.run(...smallExperiment, '--rounds', '1', '--json')
    first = (documentOf(trained) as { id: string }).id
    second = copyRun(dataFolder, first, (record) => ({
      ...record,
      experiment: { ...record.experiment, name: 'Another', seed: 1 },
    }))
    await page().getByTestId('watched-run').selectOption(first)
    await page().locator('[data-figure="features"] .cloud').waitFor()
    await page().locator('[data-figure="samples"] canvas').waitFor()
  },
  async 'a menu'() {
    await page().locator('[data-figure="accuracy"] button[aria-haspopup="menu"]').click()
    await page().getByRole('menu').waitFor()
  },
  async 'the numbers of a figure'() {
    await page().getByRole('menuitem').first().click()
    await page().locator('[data-figure="accuracy"] table').waitFor()
  },
  async 'the checkpoints of a run'() {
    await goTo('checkpoints')
    await page().locator(`tr[data-run="${first}"]`).click()
    await page().getByTestId('rounds').locator('tr[data-round="1"]').click()
  },
  async 'an evaluation'() {
    await page().getByTestId('evaluate').click()
    await page().getByTestId('run-evaluation').click()
    await page().getByTestId('evaluation').waitFor()
  },
  async predictions() {
    await lab.call('importDataset', { path: dataset('few.npz'), name: 'few' })
    await page().getByTestId('predict-tab').click()
    await page().getByTestId('zone-predict').locator('button[aria-haspopup="menu"]').click()
    await page().getByRole('menuitem', { name: 'few', exact: true }).click()
    await page().getByTestId('run-prediction').click()
    await page().locator('[data-sample]').first().waitFor()
  },
  async 'one prediction'() {
    await page().getByTestId('predictions').press('1')
    await page().getByTestId('predictions').press('Enter')
    await page().locator('[data-testid="inspect"] .bars').first().waitFor()
    await until(async () => (await page().locator('.facts.old').count()) === 0)
  },
  async 'a comparison of seeds'() {
    await closeDialog()
    await goTo('compare')
    for (const box of await page().locator('aside').getByRole('checkbox').all()) await box.check()
    await page().getByTestId('differences').waitFor()
    await page().getByTestId('seeds').waitFor()
  },
  async 'a result card'() {
    await page().getByTestId('open-card').click()
    await page().locator('dialog[open] pre').first().waitFor()
  },
  async 'methods against domains'() {
    await closeDialog()
    await page().getByTestId('compare-matrix').click()
    await page().locator('[data-figure="matrix"] svg.figure').waitFor()
  },
  async 'a series that was left behind'() {
    const { experiment } = recordOf(dataFolder, first)
    const waiting = { state: 'waiting', run: null, error: null, experiment } as const
    const { release } = await createSeries(dataFolder, { name: 'Left', items: [{ number: 1, ...waiting }] })
    await release()
    await lab.call('annotate', { run: first, note: 'seen' })
    await goTo('experiment')
    await page().getByTestId('queue-proceed').waitFor()
  },
  async 'the trash'() {
    await goTo('checkpoints')
    await lab.call('trash', { run: second })
    await page().locator(`tr[data-run="${second}"]`).waitFor({ state: 'detached' })
    await page().locator('.tools button').last().click()
    await page().locator('dialog[open] table').waitFor()
  },
  async 'the datasets'() {
    await closeDialog()
    await goTo('data')
    await page().locator('.shift canvas').first().waitFor()
  },
  async 'the import of a dataset'() {
    await choose(dataset('four.npz'))
    await page().locator('dialog[open] canvas').waitFor()
  },
  async 'the refusal of a dataset'() {
    await closeDialog()
    writeFileSync(join(terminal.files, 'none.npz'), 'no archive')
    await choose(join(terminal.files, 'none.npz'))
    await page().getByTestId('import-problem').waitFor()
  },
  async 'the toy'() {
    await closeDialog()
    await goTo('learn')
    await page().getByTestId('adapt').waitFor()
  },
  async 'the step debugger'() {
    await page().getByTestId('apart').click()
    await page().getByTestId('next-stage').click()
  },
  async 'the settings'() {
    await goTo('settings')
    await page().locator('table').first().waitFor()
  },
}

describe('no violation of WCAG 2.1 AA', () => {
  it.each(Object.keys(scenes))('in %s, in each language and each theme', async (name) => {
    await scenes[name]?.()
    const found: string[] = []
    for (const look of looks) {
      await show(look)
      found.push(...(await violations()).map((text) => `${look.language} ${look.theme} ${text}`))
    }
    await show(looks[0]!)
    expect(found).toEqual([])
  })
})

interface Walk {
  /** All visible, enabled controls in document order, described in words. */
  readonly controls: string[]
  /** Controls that received the focus, in that order. */
  readonly reached: string[]
  /** Controls without a visible focus. */
  readonly unmarked: string[]
}

/** Presses Tab once for each control, from the first link on. */
async function walk(): Promise<Walk> {
  await page().locator('nav a').first().focus()
  await page().keyboard.press('Tab')
  const count = await page().evaluate(() => {
    const usable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
    const controls = [...document.querySelectorAll<HTMLElement>(usable)].filter(
      (one) => one.getClientRects().length > 0 && !one.matches(':disabled') && one.tabIndex >= 0,
    )
    const words = (one: Element) =>
      [one.tagName, one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 40)].join(' ')
    const walk = { controls: controls.map(words), reached: [] as string[], unmarked: [] as string[] }
    const come = ({ target }: Event) => {
      if (!(target instanceof HTMLElement)) return
      const { outlineStyle, outlineWidth } = getComputedStyle(target)
      const { top, left, bottom, right } = target.getBoundingClientRect()
      const isInView = top < innerHeight && left < innerWidth && bottom > 0 && right > 0
      walk.reached.push(words(target))
      if (outlineStyle === 'none' || parseFloat(outlineWidth) < 1 || !isInView)
        walk.unmarked.push(words(target))
    }
    Reflect.set(globalThis, 'walk', walk)
    document.addEventListener('focusin', come)
    Reflect.set(globalThis, 'endWalk', () => document.removeEventListener('focusin', come))
    return controls.length
  })
  await page().keyboard.press('Shift+Tab')
  for (let step = 1; step < count; step++) await page().keyboard.press('Tab')
  return page().evaluate(() => {
    ;(Reflect.get(globalThis, 'endWalk') as () => void)()
    return Reflect.get(globalThis, 'walk') as Walk
  })
}

/** The actions of a run depend on its record and checkpoints, which load after the page. */
const runIsLoaded = () => until(() => page().getByTestId('evaluate-tab').isEnabled())

const focused = (selector: string) => page().evaluate((one) => document.activeElement?.matches(one), selector)

describe('the keyboard alone', () => {
  const pages: Readonly<Record<string, () => Promise<unknown>>> = {
    async experiment() {
      await page().locator('[data-figure="features"] .cloud').waitFor()
      await unfold()
    },
    checkpoints: runIsLoaded,
    compare: () => page().locator('aside').waitFor(),
    data: () => page().locator('.shift canvas').first().waitFor(),
    learn: () => page().getByTestId('adapt').waitFor(),
    settings: () => page().locator('table').first().waitFor(),
  }
  /** Parts of a page that replace another part. */
  const parts: typeof pages = {
    async 'checkpoints, evaluating'() {
      await runIsLoaded()
      await page().getByTestId('evaluate-tab').press('Enter')
      await page().getByTestId('run-evaluation').waitFor()
    },
    async 'checkpoints, predicting'() {
      await runIsLoaded()
      await page().getByTestId('predict-tab').press('Enter')
      await page().getByTestId('run-prediction').waitFor()
    },
    async 'learn, one step taken apart'() {
      await page().getByTestId('apart').press('Enter')
      await page().getByTestId('next-stage').press('Enter')
    },
  }

  it.each(Object.entries({ ...pages, ...parts }))(
    'reaches every control of the page "%s" in order, and shows where it is',
    async (name, show) => {
      await goTo(name.split(',')[0] ?? '')
      await show()
      const { controls, reached, unmarked } = await walk()
      expect(controls.length).toBeGreaterThan(8)
      expect(reached).toEqual(controls)
      expect(unmarked).toEqual([])
    },
  )

  it('opens a menu, moves in it and leaves it where it was, also where its first item cannot be chosen', async () => {
    await lab.call('restore', { run: second })
    const stopped = copyRun(dataFolder, second, (record) => ({ ...record, state: 'stopped' }))
    await goTo('checkpoints')
    await page().locator(`tr[data-run="${stopped}"] .link`).press('Enter')
    await runIsLoaded()
    const button = page().locator('.detail header button[aria-haspopup="menu"]')
    await button.press('Enter')
    const items = page().getByRole('menuitem')
    await items.first().waitFor()
    expect(await items.first().isDisabled()).toBe(true)
    expect(await focused('[role="menuitem"]:nth-child(2)')).toBe(true)
    await page().keyboard.press('ArrowDown')
    expect(await focused('[role="menuitem"]:nth-child(3)')).toBe(true)
    await page().keyboard.press('ArrowUp')
    await page().keyboard.press('ArrowUp')
    expect(await focused('[role="menuitem"]:last-child')).toBe(true)
    await page().keyboard.press('Escape')
    expect(await page().getByRole('menu').count()).toBe(0)
    expect(await focused('.detail header button[aria-haspopup="menu"]')).toBe(true)
  })

  it.each([
    ['the trash', 'checkpoints', '.tools button:last-child', (open: () => Promise<void>) => open()],
    [
      'the import',
      'data',
      '.drop button',
      async (open: () => Promise<void>) => window.chosen(dataset('again.npz'), open),
    ],
  ] as const)(
    'keeps the focus in the dialog of %s, and Escape gives it back',
    async (_, where, opener, opening) => {
      await goTo(where)
      await opening(() => page().locator(opener).first().press('Enter'))
      const dialog = page().locator('dialog[open]')
      await dialog.waitFor()
      for (let step = 0; step < 8; step++) {
        // After the last control, the focus moves to the browser's own bar before the first one.
        expect(await focused('dialog[open] *, body')).toBe(true)
        await page().keyboard.press('Tab')
      }
      await closeDialog()
      expect(await focused(opener)).toBe(true)
    },
  )
})
