import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import PairedPanel from '../../renderer/panels/PairedPanel.vue'
import type { Contrast } from '../../src/contract/judging'
import type { CheckpointSummary } from '../../src/contract/run'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

const runs = ['one', 'two', 'three'].map((id, i) => ({ id, letter: 'ABC'.charAt(i) }))
const checkpoint = (run: string, round: number | null): CheckpointSummary => ({
  path: `/${run}/${String(round)}`,
  run,
  runName: run,
  round,
  created: '',
  bytes: 1,
  pinned: false,
  best: false,
  measures: null,
  damage: null,
})
const contrast: Contrast = {
  domain: fixtures.experiment.target,
  pairings: [
    [0, 1],
    [0, 1],
  ],
  count: 2042,
  accuracies: [0.99, 0.975],
  difference: -0.015,
  low: -0.021,
  high: -0.009,
  onlyFirst: 40,
  onlySecond: 9,
  p: 0.0000123,
}

function panelOf(host: TestHost) {
  const panel = mountWith(PairedPanel, host, { runs })
  const result = () => panel.get('[data-testid="paired-result"]').text()
  return { panel, result, ask: () => panel.get('[data-testid="ask-paired"]').trigger('click') }
}

const answers = {
  checkpoints: ({ run = '' }) => [checkpoint(run, null), checkpoint(run, 10), checkpoint(run, 9)],
  contrast: () => contrast,
}

it('compares the checkpoints of the last rounds, and says whether it is more than chance', async () => {
  const host = createHost(answers)
  const { panel, result, ask } = panelOf(host)
  await panel.findAll('select')[1]?.setValue('three')
  await ask()
  await flushPromises()
  expect(host.calls.find(({ name }) => name === 'contrast')?.input).toEqual({
    checkpoint: '/one/10',
    against: '/three/10',
  })
  expect(result()).toContain('A 0.9900, C 0.9750. C − A is −0.0150 (95 %: −0.0210 to −0.0090)')
  expect(result()).toContain('McNemar p < 0.0001. The difference is more than chance.')
  expect(result()).toContain('This compares these two checkpoints, not their methods')
  expect(result()).not.toContain('pairing')
  await panel.findAll('select')[0]?.setValue('two')
  expect(result()).toContain('Two runs on the same held-out target images')
})

it('takes no run beside itself, and says what cannot be had', async () => {
  const { panel, result, ask } = panelOf(createHost({ ...answers, checkpoints: () => [] }))
  await ask()
  await flushPromises()
  expect(panel.get('[role="alert"]').text()).toContain('one')
  await panel.findAll('select')[1]?.setValue('one')
  expect(panel.find('[role="alert"]').exists()).toBe(false)
  expect(result()).toContain('Two runs on the same held-out target images')
  expect(panel.get('[data-testid="ask-paired"]').attributes('disabled')).toBeDefined()
})

it('says under which pairings, where the two runs have different ones', async () => {
  const turned: Contrast = {
    ...contrast,
    pairings: [
      [0, 1],
      [1, 0],
    ],
  }
  const { result, ask } = panelOf(createHost({ ...answers, contrast: () => turned }))
  await ask()
  await flushPromises()
  expect(result()).toContain('Each is judged under the pairing of its own run: A 0, 1, B 1, 0.')
})
