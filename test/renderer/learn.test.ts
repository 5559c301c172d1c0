/** One training step in stages: the picture and the tables of each stage. */
import { enableAutoUnmount, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import StepDebugger from '../../renderer/learn/StepDebugger.vue'
import { stageNames, takeApart } from '../../renderer/learn/stages'
import { createToy, type Toy } from '../../renderer/learn/toy'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)

let toy: Toy
let page: VueWrapper
beforeEach(() => {
  toy = createToy({ rotation: 30, distance: 1.5, balance: 0.5, seed: 3 })
  page = mountWith(StepDebugger, createHost(), { modelValue: toy })
})

async function goTo(stage: (typeof stageNames)[number]): Promise<void> {
  await page.findAll('.stages button')[stageNames.indexOf(stage)]!.trigger('click')
}

async function tableOf(figure: string): Promise<{ columns: string[]; rows: string[][] }> {
  const frame = page.get(`[data-figure="${figure}"]`)
  await frame.get('[aria-haspopup="menu"]').trigger('click')
  await frame.get('[role="menuitem"]').trigger('click')
  const text = (cell: DOMWrapper<Element>) => cell.text()
  const onPage = () => frame.findAll('tbody tr').map((row) => row.findAll('td').map(text))
  const rows = onPage()
  for (;;) {
    const later = frame.findAll('.pages button')[1]
    if (later === undefined || later.attributes('disabled') !== undefined) break
    await later.trigger('click')
    rows.push(...onPage())
  }
  return { columns: frame.findAll('thead th').map(text), rows }
}

describe('one step, taken apart', () => {
  it('cuts both ways into D where D learns, and sends its loss into D alone', async () => {
    await goTo('discriminator')
    expect(page.findAll('.cut')).toHaveLength(2)
    expect(page.text()).toContain('detached')
    expect(page.get('.loss').attributes('data-moves')).toBe('D')
    expect(page.findAll('.loss line')).toHaveLength(1)
  })

  it('sends the loss of MT through D, which is frozen, into MT', async () => {
    await goTo('encoder')
    expect(page.findAll('.cut')).toHaveLength(0)
    expect(page.get('.loss').attributes('data-moves')).toBe('MT')
    expect(page.findAll('.loss line')).toHaveLength(2)
    expect(page.get('[data-network="D"]').attributes('data-state')).toBe('frozen')
  })

  it('has the points themselves in the table of their picture', async () => {
    const { columns, rows } = await tableOf('stage-toy')
    expect(columns).toEqual(['Domain', 'Class', 'x', 'y', 'D’s p(source)'])
    expect(rows).toHaveLength(toy.source.labels.length + toy.target.labels.length)
    expect(rows[0]!.slice(0, 3)).toEqual([
      'source',
      toy.source.labels[0] === 0 ? 'circles' : 'crosses',
      toy.source.xy[0]!.toFixed(4),
    ])
    expect(rows[rows.length - 1]![0]).toBe('target')
  })

  it('lays D’s verdicts under each other, stage by stage', async () => {
    expect(page.get('[data-figure="stage-verdicts"]').text()).toContain('D has not been asked yet.')
    await goTo('measure')
    const { columns, rows } = await tableOf('stage-verdicts')
    expect(columns.slice(2)).toEqual(['Ask D', 'D learns', 'MT learns'])
    const { verdicts } = takeApart(toy)
    const named = (verdict: 0 | 1 | undefined) => (verdict === 0 ? 'source' : 'target')
    expect(rows.slice(0, 16).map((row) => row[2])).toEqual(verdicts.verdicts.slice(0, 16).map(named))
    expect(rows.slice(0, 16).map((row) => row[4])).toEqual(verdicts.encoder.slice(0, 16).map(named))
  })

  it('leads on to a real run at its end', async () => {
    await goTo('measure')
    await page.get('.real').trigger('click')
    expect(page.emitted('real')).toHaveLength(1)
  })
})
