/** Importing weights of other programs in the window: the question for the scaling of pixels, and what is said after. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import App from '../../renderer/App.vue'
import { useImports } from '../../renderer/stores/imports'
import { useNavigation } from '../../renderer/stores/navigation'
import { labError } from '../../src/contract/errors'
import type { HostRequest } from '../../src/contract/host'
import { note } from '../../src/contract/note'
import type { Imported } from '../../src/contract/run'
import * as fixtures from './fixtures'
import { createHost, inApp, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const imported: Imported = {
  run: fixtures.runId,
  checkpoint: '/data/runs/digits/checkpoints/round-0001.dalab.safetensors',
  notes: [
    note('tensors-passed-over', { count: 4, names: ['epoch', 'step', 'mask', 'lr'] }),
    note('prefixes-removed', { names: ['module.'] }),
  ],
  assumed: [
    { setting: 'model.side', value: 28, others: [29, 30, 31] },
    { setting: 'target.framing', value: 'stretch', others: ['letterbox'] },
    { setting: 'target.classes', value: ['2', '3'], others: [] },
    { setting: 'round', value: 1, others: [] },
  ],
}

type Order = { path: string; pixels?: string | undefined }

async function opened() {
  const answer = ({ path, pixels }: Order) => {
    if (pixels === undefined) throw labError('pixels-unknown', { file: path })
    return imported
  }
  const host = createHost({ import: answer, open: answer, checkpoints: () => [] })
  host.files.pick = () => Promise.resolve('/home/someone/state.safetensors')
  let ask: ((request: HostRequest) => void) | null = null
  host.onRequest = (listener) => {
    ask = listener
    return () => undefined
  }
  const page = mountWith(App, host)
  await flushPromises()
  useNavigation().go('checkpoints')
  await flushPromises()
  const calls = (name: 'import' | 'open') =>
    host.calls.filter((call) => call.name === name).map(({ input }) => input)
  return { page, calls, ask: (request: HostRequest) => ask!(request) }
}

type Page = ReturnType<typeof mountWith>
const question = (page: Page) => page.find('[data-testid="pixels"]')
const go = (page: Page) => page.get<HTMLButtonElement>('[data-testid="pixels-go"]')
const notes = (page: Page) => page.find('[data-testid="import-notes"]')

async function importOne(page: Page) {
  await page.findAll('.tools button')[1]!.trigger('click')
  await flushPromises()
}

describe('an import of a file that does not say how pixels were scaled', () => {
  const path = '/home/someone/state.safetensors'

  it('asks, with no answer chosen beforehand', async () => {
    const { page, calls } = await opened()
    await importOne(page)
    expect(question(page).text()).toContain(path)
    expect(
      page.findAll('[data-testid="pixels"] input').map((one) => (one.element as HTMLInputElement).checked),
    ).toEqual([false, false])
    expect(go(page).element.disabled).toBe(true)
    expect(calls('import')).toEqual([{ path }])
  })

  it.each(['unit', 'symmetric'])('goes on with the answer: %s', async (pixels) => {
    const { page, calls } = await opened()
    await importOne(page)
    await page.get(`[data-testid="pixels-${pixels}"]`).setValue(true)
    await page.get('[data-testid="pixels"] form').trigger('submit')
    await flushPromises()
    expect(calls('import')).toEqual([{ path }, { path, pixels }])
    expect(question(page).exists()).toBe(false)
  })

  it('ends without an answer, and imports nothing', async () => {
    const { page, calls } = await opened()
    await importOne(page)
    await question(page).trigger('close')
    await flushPromises()
    expect(question(page).exists()).toBe(false)
    expect(calls('import')).toHaveLength(1)
    expect(page.find('[data-testid="problem"]').exists()).toBe(false)
    await importOne(page)
    expect(question(page).exists()).toBe(true)
  })

  it('asks for a file that the program was asked to open, and says the rest on the page of checkpoints', async () => {
    const { page, calls, ask } = await opened()
    useNavigation().go('learn')
    ask({ type: 'open', path })
    await flushPromises()
    await page.get('[data-testid="pixels-symmetric"]').setValue(true)
    await page.get('[data-testid="pixels"] form').trigger('submit')
    await flushPromises()
    expect(calls('open')).toEqual([{ path }, { path, pixels: 'symmetric' }])
    expect(useNavigation().page).toBe('checkpoints')
    expect(notes(page).exists()).toBe(true)
  })

  it('says what it left out, renamed and assumed, until that is dismissed', async () => {
    const { page } = await opened()
    await importOne(page)
    await page.get('[data-testid="pixels-unit"]').setValue(true)
    await page.get('[data-testid="pixels"] form').trigger('submit')
    await flushPromises()
    expect(
      notes(page)
        .findAll('p')
        .map((one) => one.text()),
    ).toEqual([
      '4 tensors that no network needs were passed over, such as epoch, step, mask.',
      'Names of tensors began with module. and had this prefix removed.',
      'The file does not say the following, so it is assumed: Side of images: 28 (possible as well: 29, 30, 31); Framing (target): stretched (possible as well: whole, with bars); Classes (target): 2, 3; Round: 1. Everything else is as in the preset "published".',
    ])
    await notes(page).get('button').trigger('click')
    expect(notes(page).exists()).toBe(false)
  })
})

describe('questions for two files', () => {
  it('are asked one after the other', async () => {
    const answers: Order[] = []
    const host = createHost({
      import: (order) => {
        if (order.pixels === undefined) throw labError('pixels-unknown', { file: order.path })
        answers.push(order)
        return imported
      },
    })
    const imports = inApp(host, useImports)
    const both = Promise.all([imports.bringIn('import', '/a'), imports.bringIn('import', '/b')])
    await flushPromises()
    expect(imports.question?.file).toBe('/a')
    imports.question!.answer('unit')
    await flushPromises()
    expect(imports.question?.file).toBe('/b')
    imports.question!.answer(null)
    expect(await both).toEqual([imported, null])
    expect(answers).toEqual([{ path: '/a', pixels: 'unit' }])
  })
})
