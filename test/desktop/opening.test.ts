/** Opening files in the desktop program: on a cold start, and by a second start while the window is open. */
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'fs'
import { join } from 'path'
import { pathToFileURL } from 'url'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../src/checkpoints/safetensors'
import { checkpointPath } from '../../src/checkpoints/run-folder'
import { openTerminal, smallExperiment } from '../integration/terminal'
import { folderOf, roundsOf, runsIn, until } from '../journey/disk'
import { desktopHost, type Desktop } from './electron'

const terminal = openTerminal()
const { dataFolder } = terminal
const host = desktopHost(dataFolder)
/** A user's folder with received files. */
const folder = join(terminal.files, '收到的 检查点')
let run: string
let desktop: Desktop

beforeAll(async () => {
  await terminal.run(...smallExperiment, 'adaptation.epochs=2', 'measuring.every=1')
  run = runsIn(dataFolder)[0]!
  mkdirSync(folder)
  copyFileSync(checkpointPath(folderOf(dataFolder, run), 1), join(folder, '第一轮 round 1.dalab.safetensors'))
  desktop = await host.open({ words: ['第一轮 round 1.dalab.safetensors'], folder })
})
afterAll(async () => {
  await desktop.close()
  await terminal.remove()
})

const page = () => desktop.page

/** The evaluate button names the round, and its run is the one on display. */
async function readyToEvaluate(opened: string, round: string): Promise<void> {
  await page().getByTestId('run-evaluation').getByText(round).waitFor()
  await page().locator(`[data-run="${opened}"].selected`).waitFor()
}

/** Starts the program again in another working directory; it ends when the first instance has taken over. */
async function startAgain(...words: string[]): Promise<void> {
  expect((await host.runToEnd({ words, folder })).code).toBe(0)
}

async function evaluated(): Promise<string | null> {
  await page().getByTestId('run-evaluation').click()
  return page().getByTestId('evaluation').textContent()
}

describe('a checkpoint', () => {
  it('named on a cold start, relative to its folder, is ready to evaluate: to the recorded figure', async () => {
    await readyToEvaluate(run, 'round 1')
    const [, first] = roundsOf(dataFolder, run)
    expect(await evaluated()).toBe(first?.measures.unseenTarget?.accuracy.toFixed(4))
  })

  it('that a run here holds already is not imported again', () => {
    expect(runsIn(dataFolder)).toEqual([run])
  })

  it('named by a second start as an address, with spaces and Chinese in it, comes into the open window', async () => {
    const second = join(folder, 'Runde #2 100% 两.dalab.safetensors')
    copyFileSync(checkpointPath(folderOf(dataFolder, run), 2), second)
    await startAgain(pathToFileURL(second).href)
    await readyToEvaluate(run, 'round 2')
  })

  it('named by a second start relative to its own folder comes too, from any page', async () => {
    await page().getByRole('link', { name: 'Learn', exact: true }).click()
    await startAgain('--', './第一轮 round 1.dalab.safetensors')
    await readyToEvaluate(run, 'round 1')
  })

  it('that is none of a run here becomes a run, once', async () => {
    const elsewhere = openTerminal()
    await elsewhere.run(...smallExperiment, 'adaptation.epochs=1', 'seed=5')
    const [other] = runsIn(elsewhere.dataFolder)
    const sent = join(folder, 'sent.dalab.safetensors')
    copyFileSync(checkpointPath(folderOf(elsewhere.dataFolder, other!), 1), sent)
    await elsewhere.remove()
    for (const file of ['sent.dalab.safetensors', './sent.dalab.safetensors']) {
      await startAgain(file)
      await until(() => runsIn(dataFolder).length === 2)
      const [imported] = runsIn(dataFolder).filter((id) => id !== run)
      await readyToEvaluate(imported!, 'round 1')
    }
    expect(runsIn(dataFolder)).toHaveLength(2)
  })
})

describe('the menu', () => {
  /** Clicks the menu item with this label, chooses `filePath` in the file dialog, and returns the program's message. */
  const choose = (label: string, filePath: string) =>
    desktop.app.evaluate(
      ({ Menu, dialog }, [label, filePath]) =>
        new Promise<string>((resolve) => {
          dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: filePath! })
          dialog.showMessageBox = (...given: unknown[]) => {
            const { message, detail = '' } = given[given.length - 1] as { message: string; detail?: string }
            resolve(`${message}\n${detail}`)
            return Promise.resolve({ response: 1, checkboxChecked: false })
          }
          const items = Menu.getApplicationMenu()!.items.flatMap(({ submenu }) => submenu?.items ?? [])
          const item = items.find((one) => one.label === label)
          if (item === undefined) resolve('no such item')
          else (item.click as () => void)()
        }),
      [label, filePath],
    )

  it('saves a report of a fault and lists what it holds, in both languages, over nothing', async () => {
    const file = join(folder, 'report.zip')
    const said = await choose('Save a report of a fault …', file)
    expect(said).toContain('without images, paths, and names')
    for (const name of [file, 'versions.json', 'doctor.json', 'run/run.json']) expect(said).toContain(name)
    expect(Object.keys(unzipSync(readFileSync(file)))).toContain('run/run.json')
    await page().getByRole('button', { name: 'Read in Chinese' }).click()
    await until(async () => (await choose('保存问题报告…', file)).includes('已有内容'))
    await page().getByRole('button', { name: '切换到英文' }).click()
  })
})

describe('what cannot be opened is said in a sentence', () => {
  const tensor = { name: 'model.layers.0.weight', shape: [2], data: new Float32Array(2) }
  beforeAll(() => {
    writeFileSync(join(folder, 'foreign.safetensors'), encodeSafetensors([tensor], {}))
    const whole = checkpointPath(folderOf(dataFolder, run), 1)
    const changed = Buffer.from(readFileSync(whole))
    changed[changed.length - 1]! ^= 1
    writeFileSync(join(folder, 'changed.dalab.safetensors'), changed)
    copyFileSync(whole, join(folder, 'short.dalab.safetensors'))
    truncateSync(join(folder, 'short.dalab.safetensors'), 100_000)
    writeFileSync(join(folder, 'notes.txt'), 'notes')
  })

  it.each([
    ['foreign.safetensors', 'holds the weights of another program', '保存的是其他程序的权重'],
    ['missing.dalab.safetensors', 'There is no file or folder', '找不到文件或文件夹'],
    ['.', 'A file is needed', '这里需要文件'],
    ['changed.dalab.safetensors', 'is damaged', '已损坏'],
    ['short.dalab.safetensors', 'is cut short', '不完整'],
    ['notes.txt', 'format', '格式'],
    [
      'https://example.org/a.dalab.safetensors',
      'There is no file or folder https://example.org/a',
      '找不到文件或文件夹 https',
    ],
  ])('%s', async (file, english, chinese) => {
    await startAgain(file)
    const notice = page().getByTestId('notice').first()
    await notice.getByText(english).waitFor()
    await page().getByRole('button', { name: 'Read in Chinese' }).click()
    await notice.getByText(chinese).waitFor()
    await page().getByRole('button', { name: '切换到英文' }).click()
    await notice.getByRole('button', { name: 'Dismiss' }).click()
  })

  it('and nothing of it was kept', () => {
    expect(runsIn(dataFolder)).toHaveLength(2)
    expect(desktop.problems).toEqual([])
  })
})
