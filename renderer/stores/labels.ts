/** Store of the labels that the user gives to samples of one dataset. Each is saved as soon as it is given. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Labels } from '../../src/contract/label'
import { useHost } from './host'

interface Step {
  readonly dataset: string
  readonly sample: number
  /** The class before; null: none. */
  readonly before: string | null
}

export const useLabels = defineStore('labels', () => {
  const { lab } = useHost()
  const dataset = ref<string | null>(null)
  /** The class of each labelled sample, in the order in which they were given. */
  const given = shallowRef<ReadonlyMap<number, string>>(new Map())
  const steps = shallowRef<readonly Step[]>([])
  /** Calls are sent one after another: an answer must not undo a later label. */
  let sending: Promise<unknown> = Promise.resolve()
  let waiting = 0

  function take({ labels }: Labels): void {
    given.value = new Map(labels.map((label) => [label.sample, label.class]))
  }

  /**
   * Shows all labels in the table, then refuses those of other classes, which a table edited by hand may hold.
   * @param classes the classes of the checkpoint that predicts
   */
  async function load(of: string, classes: readonly string[]): Promise<void> {
    await show(of)
    await lab.call('labels', { dataset: of, classes: [...classes] })
  }

  async function show(of: string): Promise<void> {
    if (dataset.value !== of) {
      dataset.value = of
      given.value = new Map()
      steps.value = []
    }
    const labels = await lab.call('labels', { dataset: of })
    if (dataset.value === of && waiting === 0) take(labels)
  }

  function replace(sample: number, name: string | null): void {
    const next = new Map(given.value)
    if (name === null) next.delete(sample)
    else next.set(sample, name)
    given.value = next
  }

  /** Shows the label at once; if the lab refuses it, what is stored is shown again. */
  async function send(sample: number, name: string | null): Promise<void> {
    const { value: of } = dataset
    if (of === null) return
    replace(sample, name)
    waiting++
    const sent = sending
      .catch(() => undefined)
      .then(() => lab.call('label', { dataset: of, labels: [{ sample, class: name }] }))
    sending = sent
    try {
      const labels = await sent
      if (--waiting === 0 && dataset.value === of) take(labels)
    } catch (problem) {
      waiting--
      await show(of).catch(() => undefined)
      throw problem
    }
  }

  /** @param name null: takes the label away */
  async function give(sample: number, name: string | null): Promise<void> {
    const before = given.value.get(sample) ?? null
    if (dataset.value === null || before === name) return
    steps.value = [...steps.value, { dataset: dataset.value, sample, before }]
    await send(sample, name)
  }

  /** Takes back the last label that was given or removed. */
  async function undo(): Promise<void> {
    const step = steps.value[steps.value.length - 1]
    if (step === undefined) return
    steps.value = steps.value.slice(0, -1)
    await send(step.sample, step.before)
  }

  return { dataset, given, steps, load, give, undo }
})
