/** Faults around the page, in Chromium connected to `serve`. */
import { execFileSync } from 'child_process'
import { chmodSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTerminal, smallExperiment } from '../integration/terminal'
import { folderOf, recordOf, roundsOf, runsIn, until } from '../journey/disk'
import { outliveMovedFolders, refuseBadValues, saysInBoth, textOf, toChinese } from '../journey/faults'
import { ended, fillInSmall, goTo, start } from '../journey/form'
import { outliveTrainer } from '../journey/killed-trainer'
import { isLong } from '../long'
import { browserHost, drop, startServer, type ServedWindow } from './chromium'

const terminal = openTerminal()
const { dataFolder } = terminal
let window: ServedWindow

beforeAll(async () => {
  window = await browserHost(terminal).open()
  await window.page.getByTestId('start').waitFor()
})
afterAll(async () => {
  await window.close()
  await terminal.remove()
})

function file(name: string, content: string): string {
  const path = join(terminal.files, name)
  writeFileSync(path, content)
  return path
}

describe('the form', () => {
  it('says what is wrong where it was made, in both languages, and begins nothing', () =>
    refuseBadValues(window, dataFolder))
})

describe('a dropped file', () => {
  it('that is no dataset is refused in a sentence, and nothing is kept', async () => {
    const { page } = window
    await goTo(page, 'Data')
    const before = terminal.written()
    await drop(page, null, file('notes.npz', 'no dataset at all'))
    const said = async () => (await page.getByTestId('import-problem').textContent()) ?? ''
    await page.getByTestId('import-problem').waitFor()
    expect(await said()).toMatch(/notes\.npz is damaged or no \.npz archive/)
    expect(await page.getByTestId('import-keep').isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await toChinese(page)
    await drop(page, null, file('notes.txt', 'no dataset either'))
    await page.getByTestId('import-problem').waitFor()
    expect(await said()).toMatch(/不认识 .*notes\.txt 的格式/)
    await page.keyboard.press('Escape')
    await page.getByTestId('import-problem').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '切换到英文 EN' }).click()
    const butSettings = (files: string[]) => files.filter((line) => !line.includes('settings.json'))
    expect(butSettings(terminal.written())).toEqual(butSettings(before))
  })

  it('that is no checkpoint is refused in a sentence, and nothing is kept', async () => {
    const { page } = window
    await goTo(page, 'Checkpoints')
    const before = runsIn(dataFolder)
    await drop(page, null, file('notes.safetensors', 'no checkpoint'))
    const said = textOf('[data-testid="problem"]')
    await saysInBoth(page, said, /notes\.safetensors/, /notes\.safetensors.*\p{Script=Han}/u)
    expect(runsIn(dataFolder)).toEqual(before)
    await goTo(page, 'Experiment')
    expect(await said(page)).not.toContain('notes.safetensors')
  })
})

describe('a training in the browser page', () => {
  // `npm test` kills the trainer of the desktop program; the tests below need a finished run.
  if (isLong)
    it('whose trainer is killed leaves the page, is said in a sentence, and goes on from the last complete round', () =>
      outliveTrainer(window, dataFolder))
  else
    it('of the terminal is shown, and finishes', async () => {
      // MNIST: the page is still reading its images when the next test deletes a run's folder.
      const images = ['source.dataset=mnist', 'target.dataset=mnist', 'model.side=28']
      expect((await terminal.run(...smallExperiment, ...images, '--rounds', '2')).code).toBe(0)
      const [run] = runsIn(dataFolder)
      await goTo(window.page, 'Checkpoints')
      await window.page.locator(`[data-run="${run}"]`).waitFor()
      expect(recordOf(dataFolder, run!).state).toBe('finished')
    })
})

describe('a run’s folder', () => {
  it('that is deleted, renamed or blocked by hand is said in a sentence, and the page goes on', () =>
    outliveMovedFolders(window, dataFolder))
})

describe('two programs on one data folder', () => {
  it('show one training to both; the other says who trains it, and cannot begin it twice', async () => {
    const { page } = window
    const other = await startServer(terminal)
    const second = await page.context().newPage()
    const third = await page.context().newPage()
    await second.goto(other.url)
    await third.goto(window.address)
    for (const one of [second, third]) await one.getByTestId('start').waitFor()

    await page.getByTestId('preset').selectOption('published')
    await fillInSmall(page, { count: 200, rounds: 100, seed: 3 })
    const run = await start(page, dataFolder)
    await until(() => roundsOf(dataFolder, run).length >= 3)

    // Another page of the same program has the controls; a page of another program says which program holds the run.
    await until(() => third.getByTestId('stop').isEnabled())
    await second.getByTestId('held').waitFor()
    const said = async () => (await second.getByTestId('held').textContent()) ?? ''
    await saysInBoth(second, said, /Another window or terminal trains this run \(process \d+\)/, /另一个窗口/)
    for (const control of ['pause', 'step', 'round', 'stop'])
      expect(await second.getByTestId(control).isDisabled()).toBe(true)
    await second.getByTestId('watched-run').selectOption(run)
    const round = async () => Number(await second.getByTestId('scrubber').getAttribute('max'))
    const now = await round()
    await until(async () => (await round()) > now)

    const twice = await terminal.run('resume', run, '--json')
    expect(twice.code).toBe(2)
    expect(JSON.parse(twice.stdout)).toMatchObject({ error: { code: 'run-locked' } })

    await third.getByTestId('stop').click()
    await ended(page, dataFolder, run)
    expect(recordOf(dataFolder, run).state).toBe('stopped')
    await second.getByTestId('start').waitFor()
    await second.close()
    await third.close()
    await other.stop()
  })
})

describe('a page without the token, or with a wrong one,', () => {
  it.each([
    ['none', ''],
    ['a wrong one', `#token=${'A'.repeat(43)}`],
  ])('%s: says what to do, in both languages, and shows nothing of the lab', async (_, hash) => {
    const context = await window.page.context().browser()!.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(window.address.replace(/#.*/, hash))
    await page.getByTestId('refused').getByText('This page has no valid token').waitFor()
    await page.getByText('Open the whole address that “serve” printed').waitFor()
    await toChinese(page)
    await page
      .getByTestId('refused')
      .getByText(/\p{Script=Han}/u)
      .first()
      .waitFor()
    expect(await page.getByTestId('notice').count()).toBe(0)
    expect(await page.getByTestId('start').count()).toBe(0)
    await context.close()
  })
})

describe('a run that may not be written to', () => {
  it('is shown, and a note on it is refused in a sentence', async () => {
    const [run] = runsIn(dataFolder)
    const folder = folderOf(dataFolder, run!)
    // Permissions do not apply to root, so the page's program runs as another user.
    const isRoot = process.getuid?.() === 0
    // Data folders and the tests' folder are private.
    execFileSync('chmod', ['-R', 'a+rX', dataFolder])
    chmodSync(folder, 0o555)
    chmodSync(terminal.files, 0o755)
    chmodSync(tmpdir(), 0o1777)
    const visitor = await startServer(terminal, isRoot ? { uid: 65_534, gid: 65_534 } : {})
    try {
      const page = await window.page.context().newPage()
      await page.goto(visitor.url)
      await page.getByTestId('start').waitFor()
      await goTo(page, 'Checkpoints')
      await page.locator(`[data-run="${run}"]`).click()
      await page.getByTestId('note').fill('cannot be kept')
      await page.getByTestId('note').blur()
      await page
        .getByTestId('problem')
        .getByText(/There is no permission to write or read .*annotations\.json/)
        .waitFor()
      await page.getByTestId('rounds').locator('tbody tr').first().waitFor()
      await page.close()
    } finally {
      chmodSync(folder, 0o755)
      await visitor.stop()
    }
  })
})
