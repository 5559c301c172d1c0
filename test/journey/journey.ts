/**
 * A user's way through the lab, the same on every host: train, inspect, compare, export, evaluate, leave, come back
 * and resume. Each step depends on the previous ones.
 */
import { existsSync, readFileSync, writeFileSync } from 'fs'
import { basename, join } from 'path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listCheckpoints } from '../../src/checkpoints/checkpoint-list'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { decodeNpyDict } from '../../src/checkpoints/npy'
import { checkpointPath } from '../../src/checkpoints/run-folder'
import type { RoundEvent } from '../../src/contract/record'
import { documentOf, type Terminal } from '../integration/terminal'
import { eventsOf, folderOf, recordOf, roundsOf, runsIn, until } from './disk'
import { chooseInMenu, domainColours, numbersOf, stripOf } from './figures'
import { ended, field, fillInSmall, goTo, start } from './form'
import type { LabHost, LabWindow } from './lab-window'
import { ownClasses, ownTarget, writeOwnImages } from './own-images'

const small = { count: 200, rounds: 2, seed: 0 }

const text = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value)

/**
 * @param stopWhileTraining leaves the program during training, in the host's own way
 * @param part `host`: without the steps that are the same on every host
 */
export function tellJourney<W extends LabWindow>(
  terminal: Terminal,
  host: LabHost<W>,
  stopWhileTraining: (window: W, run: string) => Promise<void>,
  part: 'whole' | 'host' = 'whole',
): void {
  let window: W
  let first: string
  let second: string | undefined
  let own: string
  let third: string
  const { dataFolder } = terminal
  const page = () => window.page

  beforeAll(async () => {
    window = await host.open()
  })
  afterAll(() => window.close())

  it('starts with the published preset in the form, and says what each figure will show', async () => {
    await page().getByTestId('start').waitFor()
    expect(await page().getByTestId('status').textContent()).toBe('No training')
    expect(await page().locator('[data-figure="verdicts"] canvas').count()).toBe(0)
    await page().getByTestId('preset').selectOption('published')
    expect(await field(page(), 'sourceStage.learningRate').inputValue()).toBe('0.03')
    expect(await field(page(), 'adaptation.learningRate').inputValue()).toBe('0.00001')
    await until(async () => (await page().locator('.domain canvas').count()) > 0)
  })

  it('refuses a wrong value where it stands, and starts nothing', async () => {
    const rate = field(page(), 'adaptation.learningRate')
    await rate.fill('abc')
    await page().getByRole('alert').first().waitFor()
    expect(await rate.getAttribute('aria-invalid')).toBe('true')
    expect(await page().getByTestId('start').isDisabled()).toBe(true)
    await rate.fill('0.00001')
    await until(() => page().getByTestId('start').isEnabled())
  })

  it('trains two rounds in native TensorFlow, in a process of its own', async () => {
    await fillInSmall(page(), small)
    first = await start(page(), dataFolder)
    await ended(page(), dataFolder, first)
    const record = recordOf(dataFolder, first)
    expect(record).toMatchObject({ state: 'finished', rounds: small.rounds })
    expect(record.machinery).toMatchObject({ backend: 'tensorflow', tfjsNode: '4.22.0' })
    expect(record.machinery?.tensorflow).toMatch(/^2\.\d+\.\d+$/)
    await page().locator('[data-figure="features"] .cloud').waitFor()
  })

  it('shows in tables the very numbers of metrics.jsonl', async () => {
    const rounds = roundsOf(dataFolder, first)
    expect(rounds.map(({ round }) => round)).toEqual([0, 1, 2])
    expect(await numbersOf(page(), 'accuracy')).toEqual(rounds.map(accuracyRow))
    expect(await numbersOf(page(), 'share')).toEqual(rounds.flatMap(shareRow))
    expect(await numbersOf(page(), 'losses')).toEqual(lossRows(dataFolder, first))
    const { histogram } = rounds[2]!.measures
    const bins = await numbersOf(page(), 'histogram')
    expect(bins.map((row) => row.slice(2))).toEqual(
      histogram?.source.map((n, bin) => [text(n), text(histogram.target[bin])]),
    )
  })

  it("paints D's verdicts pixel by pixel, source half and target half, where D errs too", async () => {
    const rounds = roundsOf(dataFolder, first).filter(({ verdicts }) => verdicts !== null)
    expect(rounds.some(hasErrors)).toBe(true)
    const columns = rounds[0]!.verdicts!.length
    const colours = await domainColours(page())
    expect(colours.source).not.toBe(colours.target)
    const painted = ({ verdicts }: RoundEvent) =>
      verdicts?.map((verdict) => (verdict === 0 ? colours.source : colours.target))

    const history = await stripOf(page(), 'history', columns)
    expect(history.rounds).toEqual(rounds.map(({ round }) => round))
    expect(history.onSource).toBe(rounds[0]!.verdictsOnSource)
    expect(history.onSource).toBe(columns / 2)
    expect(history.cells).toEqual(rounds.map(painted))
    expect((await stripOf(page(), 'now', columns)).cells).toEqual([painted(rounds[rounds.length - 1]!)])
    expect((await numbersOf(page(), 'verdicts')).map((row) => row[3])).toEqual(
      rounds.map(({ verdicts }) => verdicts?.join('')),
    )
  })

  it('is scrubbed back to round 1', async () => {
    const [, one] = roundsOf(dataFolder, first)
    await page().getByTestId('scrubber').focus()
    await page().keyboard.press('Home')
    await page().keyboard.press('ArrowRight')
    await page().getByText('round 1 of 2').waitFor()
    const now = await stripOf(page(), 'now', one!.verdicts!.length)
    expect(now.rounds).toEqual([1])
    const colours = await domainColours(page())
    expect(now.cells).toEqual([one!.verdicts!.map((verdict) => colours[verdict === 0 ? 'source' : 'target'])])
    const shown = await page().locator('.story .target dd').textContent()
    expect(shown).toBe(one!.measures.target!.accuracy.toFixed(4))
    const bins = await numbersOf(page(), 'histogram')
    expect(bins.map((row) => row[2])).toEqual(one!.measures.histogram?.source.map(text))
    await page().getByRole('button', { name: 'Latest' }).click()
  })

  it('saves a figure as CSV and as PNG', async () => {
    const menu = page().locator('[data-figure="accuracy"]')
    const csv = await window.saved(() => chooseInMenu(page(), menu, 'Save numbers (CSV)'))
    expect(csv.name).toMatch(/\.csv$/)
    const [, ...lines] = csv.bytes.toString('utf8').trim().split('\r\n')
    const rows = roundsOf(dataFolder, first).map((round) => accuracyRow(round).map((cell) => cell ?? ''))
    expect(lines).toEqual(rows.map((row) => row.join(',')))
    const png = await window.saved(() => chooseInMenu(page(), menu, 'Save picture (PNG)'))
    expect(png.name).toMatch(/\.png$/)
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
  })

  if (part === 'whole') {
    it('repeats with two more seeds, one after another, and lays them together', async () => {
      await field(page(), 'seed').fill('1')
      await page().getByTestId('repeat-count').fill('2')
      await until(() => page().getByTestId('repeat').isEnabled())
      await page().getByTestId('repeat').click()
      // Two runs take longer than the timeout of a click.
      const summary = page().getByTestId('queue-summary')
      await until(() => summary.isVisible())
      await summary.click()
      const repeated = runsIn(dataFolder).filter((run) => run !== first)
      expect(repeated.map((run) => recordOf(dataFolder, run))).toMatchObject([
        { state: 'finished', experiment: { seed: 1 } },
        { state: 'finished', experiment: { seed: 2 } },
      ])
      second = repeated[0] ?? ''
      const last = repeated.map((run) => roundsOf(dataFolder, run)).map((rounds) => rounds[small.rounds]!)
      const seeds = page().getByTestId('seeds')
      await seeds.waitFor()
      const best = await seeds
        .locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => row.querySelectorAll('td')[3]?.getAttribute('data-value')))
      const accuracies = last.map(({ measures }) => measures.target!.accuracyBestPairing)
      expect(best).toEqual(accuracies.map(text))
      const mean = (accuracies[0]! + accuracies[1]!) / 2
      expect(await seeds.locator('[data-mean="bestPairing"]').textContent()).toContain(mean.toFixed(4))
    })

    it('compares them, and names only the setting that differs', async () => {
      const differences = page().getByTestId('differences')
      await differences.waitFor()
      const settings = await differences
        .locator('tr[data-setting]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-setting')))
      expect(settings).toEqual(['seed'])
      const [a, b] = runsIn(dataFolder)
        .filter((run) => run !== first)
        .map((run) => roundsOf(dataFolder, run))
      const curves = await numbersOf(page(), 'compare-0')
      expect(curves).toEqual(
        a!.map(({ round, measures }, i) => [
          text(round),
          text(measures.target!.accuracy),
          text(b![i]?.measures.target?.accuracy),
        ]),
      )
    })
  }

  it('takes two folders, says why it proposes what, and predicts the images without labels', async () => {
    const folders = writeOwnImages(terminal.files)
    await goTo(page(), 'Experiment')
    for (const domain of ['source', 'target'] as const) {
      await window.brought(folders[domain], page().getByTestId(`zone-${domain}`))
      await page().getByTestId(`zone-${domain}-dataset`).waitFor()
    }
    await page().getByTestId('proposal').getByText('takes the 3 classes of the source').waitFor()
    for (const setting of ['sourceStage.epochs', 'adaptation.epochs']) await field(page(), setting).fill('1')
    await until(() => page().getByTestId('start').isEnabled())
    own = await start(page(), dataFolder)
    await ended(page(), dataFolder, own)
    expect(recordOf(dataFolder, own)).toMatchObject({
      state: 'finished',
      experiment: { source: { classes: ownClasses, partition: 'pooled' }, target: { classes: [] } },
    })
    await until(() => page().getByTestId('watch-predict').isEnabled())
    await page().getByTestId('watch-predict').click()
    await page().getByTestId('predictions').waitFor()
    await until(async () => (await page().locator('[data-sample]').count()) >= ownTarget)
  })

  it('takes labels from the keyboard, and keeps them beside the dataset at once', async () => {
    const grid = page().getByTestId('predictions')
    const path = join(dataFolder, 'datasets', 'found.labels.csv')
    const given = () =>
      readFileSync(path, 'utf8')
        .trim()
        .split(/\r?\n/)
        .map((line) => line.split(',').pop())
    await grid.focus()
    for (const key of ['1', '2', '3', '1', '3', 'Control+z', '2']) await grid.press(key)
    const again = page().getByTestId('adapt-again')
    await until(async () => (await again.textContent())?.includes('5 labels') === true)
    // The label that was taken back had made five of them, too.
    await until(() => existsSync(path) && given()[5] === 'down')
    expect(given()).toEqual(['label', 'across', 'down', 'slanted', 'across', 'down'])
  })

  it('opens an image with what led to its prediction', async () => {
    await page().getByTestId('predictions').press('Enter')
    await page().getByText('Nearest source images').waitFor()
    expect(await page().getByTestId('inspect').locator('.bars').first().locator('li').count()).toBe(3)
    await page().keyboard.press('Escape')
    await until(async () => (await page().getByTestId('inspect').count()) === 0)
  })

  it('exports a row for each image', async () => {
    const files = await window.exported(async () => {
      await page().locator('aside').getByRole('button', { name: 'Export predictions' }).click()
      await page().getByRole('menuitem', { name: 'CSV' }).click()
      await page().getByTestId('notice').getByText('Exported.').waitFor()
      await page().getByTestId('notice').getByRole('button').last().click()
    })
    const [table] = [...files.values()]
    const [head, ...rows] = (table?.toString('utf8') ?? '').trim().split(/\r?\n/)
    expect(head).toMatch(/^file,prediction,probability/)
    expect(rows.map((row) => row.split(',')[0]).sort()).toEqual(
      Array.from({ length: ownTarget }, (_, i) => `${i}.png`).sort(),
    )
  })

  it('adapts again with the labels', async () => {
    const before = new Set(runsIn(dataFolder))
    await page().getByTestId('adapt-again').click()
    await until(() => runsIn(dataFolder).some((run) => !before.has(run)))
    const [child = ''] = runsIn(dataFolder).filter((run) => !before.has(run))
    expect(recordOf(dataFolder, child)).toMatchObject({ parent: { run: own } })
    expect(recordOf(dataFolder, child).experiment.adaptation.labels).toHaveLength(5)
    await until(async () => (await page().getByTestId('watched-run').inputValue()) === child)
    await ended(page(), dataFolder, child)
    expect(recordOf(dataFolder, child).state).toBe('finished')
  })

  it('lists every checkpoint with the measures of its round', async () => {
    await goTo(page(), 'Checkpoints')
    await page().locator(`[data-run="${first}"]`).click()
    const rounds = page().getByTestId('rounds').locator('tbody tr')
    await until(async () => (await rounds.count()) === small.rounds + 1)
    const measured = roundsOf(dataFolder, first)
    for (const round of [1, 2]) {
      const row = page().getByTestId('rounds').locator(`tr[data-round="${round}"]`)
      const cells = await row.locator('td').allTextContents()
      expect(cells[1]?.trim()).toBe(measured[round]!.measures.target!.accuracy.toFixed(4))
    }
    const listed = await listCheckpoints(folderOf(dataFolder, first))
    expect(listed.map(({ round }) => round)).toEqual([null, 1, 2])
  })

  it('exports a checkpoint in each format', async () => {
    const path = checkpointPath(folderOf(dataFolder, first), 2)
    const { tensors } = await readCheckpoint(path)
    await page().getByTestId('rounds').locator('tr[data-round="2"]').click()
    const exportAs = (format: string) =>
      window.exported(async () => {
        await chooseInMenu(page(), page().locator('.detail footer'), format)
        await page().getByTestId('notice').getByText('Exported.').waitFor()
        await page().getByTestId('notice').getByRole('button').last().click()
      })

    const [safetensors] = await exportAs('Export as safetensors')
    expect(safetensors?.[0]).toMatch(/\.dalab\.safetensors$/)
    const copy = join(terminal.files, `${host.name}.dalab.safetensors`)
    writeFileSync(copy, safetensors![1])
    expect((await readCheckpoint(copy)).origin).toBe('verified')

    const npy = await exportAs('Export as four .npy files')
    expect([...npy.keys()].sort()).toEqual(['C.npy', 'D.npy', 'MS.npy', 'MT.npy'])
    const classifier = decodeNpyDict(npy.get('C.npy')!, 'C.npy')
    const bias = tensors.find(({ name }) => name === 'classifier.fc.bias')
    expect(
      classifier.some(({ data }) => Buffer.from(data.buffer).equals(Buffer.from(bias!.data.buffer))),
    ).toBe(true)

    const tfjs = await exportAs('Export as a tfjs model')
    const model = JSON.parse(tfjs.get('model.json')!.toString('utf8')) as { format: string }
    expect(model.format).toBe('layers-model')
    expect(tfjs.get('weights.bin')!.length).toBeGreaterThan(500_000)

    const pytorch = await exportAs('Export for PyTorch, with predict.py')
    expect([...pytorch.keys()].sort()).toEqual(['predict.py', 'weights.safetensors'])
  })

  if (part === 'whole') {
    it('evaluates one on unseen digits: the very figure of the terminal', async () => {
      await page().getByTestId('rounds').locator('tr[data-round="1"]').click()
      await page().getByTestId('evaluate').click()
      await page().getByTestId('run-evaluation').click()
      await page().getByTestId('evaluation').waitFor()
      const shown = await page().getByTestId('evaluation').textContent()
      const path = checkpointPath(folderOf(dataFolder, first), 1)
      const said = documentOf(await terminal.run('evaluate', path, '--json')) as {
        accuracy: number
        confusion: number[][]
        count: number
      }
      expect(said.count).toBeGreaterThan(1000)
      expect(shown).toBe(said.accuracy.toFixed(4))
      const confusion = await numbersOf(page(), 'confusion')
      expect(confusion.map((row) => row.slice(1, 3))).toEqual(said.confusion.map((row) => row.map(String)))
    })
  }

  it('turns the pairing round: every accuracy is the other way about', async () => {
    await goTo(page(), 'Checkpoints')
    await page().locator(`[data-run="${first}"]`).click()
    await chooseInMenu(page(), page().locator('.detail > header'), 'Use its settings')
    const words = page().getByTestId('pairing-words')
    const before = await words.textContent()
    await page().getByTestId('pairing').getByRole('button').first().click()
    expect(await words.textContent()).not.toBe(before)
    await field(page(), 'seed').fill('0')
    await field(page(), 'adaptation.epochs').fill('30')
    third = await start(page(), dataFolder)
    await until(() => roundsOf(dataFolder, third).length >= 2)
    const { pairing } = recordOf(dataFolder, third).experiment
    expect(pairing).toEqual([...recordOf(dataFolder, first).experiment.pairing].reverse())
    const [turned, straight] = [third, first].map((run) => roundsOf(dataFolder, run)[0]!.measures.target)
    expect(turned!.accuracy).toBeCloseTo(1 - straight!.accuracy, 10)
    expect(turned!.accuracyBestPairing).toBe(straight!.accuracyBestPairing)
  })

  it('is left while it trains: the run stops with its state kept', async () => {
    await stopWhileTraining(window, third)
    expect(recordOf(dataFolder, third).state).toBe('stopped')
    expect(window.problems).toEqual([])
  })

  it('has everything still there when it is opened again', async () => {
    window = await host.open()
    await page().getByTestId('resume').waitFor()
    await until(async () => (await page().getByTestId('watched-run').inputValue()) === third)
    await page().locator('[data-figure="features"] .cloud').waitFor()
    await goTo(page(), 'Checkpoints')
    for (const run of [first, second, third])
      if (run !== undefined) await page().locator(`[data-run="${run}"]`).waitFor()
    await page().locator(`[data-run="${own}"]`).click()
    await page().getByTestId('predict').click()
    await until(
      async () => (await page().getByTestId('adapt-again').textContent())?.includes('5 labels') === true,
    )
    await goTo(page(), 'Experiment')
    const [option] = await page().getByTestId('watched-run').locator(`option[value="${first}"]`).all()
    expect(await option?.textContent()).toContain('finished')
  })

  it('resumes where it stopped', async () => {
    const stopped = eventsOf(dataFolder, third).filter((event) => event.type === 'stopped')
    const { round, step } = stopped[stopped.length - 1]!
    await until(() => page().getByTestId('resume').isEnabled())
    await page().getByTestId('resume').click()
    await until(() => roundsOf(dataFolder, third).some((event) => event.round === round + 1))
    const resumed = eventsOf(dataFolder, third).filter((event) => event.type === 'started')
    expect(resumed[resumed.length - 1]).toMatchObject({ resumedFrom: { round, step } })
    await page().getByTestId('stop').click()
    await ended(page(), dataFolder, third)
    expect(recordOf(dataFolder, third).state).toBe('stopped')
    expect(basename(folderOf(dataFolder, third))).toBe(third)
  })

  it('has kept quiet: nothing on the console, nothing refused by the content security policy', () => {
    expect(window.problems).toEqual([])
  })
}

/** Whether D was wrong about some inputs, but not about all. */
function hasErrors({ verdicts, verdictsOnSource }: RoundEvent): boolean {
  const wrong = verdicts?.filter((verdict, i) => verdict !== (i < (verdictsOnSource ?? 0) ? 0 : 1)) ?? []
  return wrong.length > 0 && wrong.length < (verdicts?.length ?? 0)
}

function accuracyRow({ round, measures }: RoundEvent): (string | null)[] {
  const { source, target, unseenTarget, estimate } = measures
  return [
    round,
    source.accuracy,
    // Accuracy through MT: null, because ADDA judges the source through MS.
    null,
    target?.accuracy,
    target?.accuracyBestPairing,
    unseenTarget?.accuracy,
    unseenTarget?.accuracyBestPairing,
    estimate?.accuracy,
  ].map(text)
}

function shareRow({ round, measures }: RoundEvent): (string | null)[][] {
  const { sourceCalledSource, targetCalledSource, discriminatorAccuracy } = measures
  if (discriminatorAccuracy === null) return []
  return [[round, sourceCalledSource, targetCalledSource, discriminatorAccuracy].map(text)]
}

function lossRows(dataFolder: string, run: string): (string | null)[][] {
  return eventsOf(dataFolder, run).flatMap((event) => {
    if (event.type !== 'loss') return []
    const { round, step, steps, losses } = event
    return [[round - 1 + step / steps, losses['D'], losses['MT']].map(text)]
  })
}
