import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ValidatorPanel from '../../renderer/panels/ValidatorPanel.vue'
import { useNotices } from '../../renderer/stores/notices'
import { labError } from '../../src/contract/errors'
import type { Validation } from '../../src/contract/judging'
import { labelFree } from '../label-free'
import { createHost, mountWith } from './host'

const validation: Validation = {
  repeats: [],
  checkpoints: [{ run: 'one', attempt: 1, round: 0, accuracy: 0.5, labelFree }],
  validators: [
    { score: 'mutualInformation', better: 'larger', correlation: 0.75, regret: 0.01, chosen: 0 },
    { score: 'agreement', better: 'larger', correlation: null, regret: 0.25, chosen: 0 },
  ],
}
const runs = [
  { id: 'one', letter: 'A', colour: 'red' },
  { id: 'two', letter: 'B', colour: 'blue' },
]

it('says of the score that is chosen how well it would have chosen', async () => {
  const host = createHost({ validators: () => validation })
  const panel = mountWith(ValidatorPanel, host, { runs })
  await flushPromises()
  expect(host.calls.find(({ name }) => name === 'validators')?.input).toEqual({ runs: ['one', 'two'] })
  const found = () => panel.get('[data-testid="validator"]').text()
  expect(found()).toBe('rank correlation 0.750, regret 0.010')
  await panel.get('select').setValue('agreement')
  expect(found()).toBe('rank correlation –, regret 0.250')
})

it('says so where there are no scores', async () => {
  const host = createHost({ validators: () => ({ repeats: [], checkpoints: [], validators: [] }) })
  const panel = mountWith(ValidatorPanel, host, { runs })
  await flushPromises()
  expect(panel.text()).toContain('These runs have no scores without labels.')
})

it('says which runs have different tasks, in place and as no problem', async () => {
  const host = createHost({
    validators: () => {
      throw labError('tasks-differ', { first: 'one', second: 'two', setting: 'target.classes' })
    },
  })
  const panel = mountWith(ValidatorPanel, host, { runs })
  await flushPromises()
  expect(panel.text()).toContain('A and B have different tasks (Classes (target))')
  expect(useNotices().notices).toEqual([])
})
