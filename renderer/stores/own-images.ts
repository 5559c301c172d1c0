/** Store of the user's own source and target on the experiment page, and of the experiment proposed for them. */
import { defineStore } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import type { DatasetSummary } from '../../src/contract/dataset'
import { toErrorMessage } from '../../src/contract/errors'
import { proposedExperiment, requireSource, type Proposal } from '../../src/contract/proposal'
import { useBringing } from './bringing'
import { useExperiment, type DomainKey } from './experiment'
import { rememberedRetention } from './preferences'

/** Errors of a pair of datasets that the source alone causes. */
const ofSource: readonly string[] = ['source-unlabelled', 'too-few-classes']

export const useOwnImages = defineStore('own-images', () => {
  const experiment = useExperiment()
  // Raw, so that the store does not unwrap the refs in it.
  const domains = markRaw({ source: useBringing(() => 'source'), target: useBringing(() => 'target') })
  const made = shallowRef<Proposal | null>(null)

  /** The proposal, as long as the form has its datasets. */
  const proposal = computed(() => {
    const { source, target } = made.value?.experiment ?? {}
    const { draft } = experiment
    return source?.dataset === draft.source.dataset && target?.dataset === draft.target.dataset
      ? made.value
      : null
  })

  function check(role: DomainKey, action: () => void): boolean {
    try {
      action()
      return true
    } catch (problem) {
      const at = ofSource.includes(toErrorMessage(problem).code) ? 'source' : role
      domains[at].refuse(problem)
      return false
    }
  }

  /**
   * Proposes an experiment once both datasets are there. A pair that does not fit is an error at the domain that came
   * last.
   * @returns a function that restores the user's edits in the form; null if there were none
   */
  function propose(role: DomainKey): (() => void) | null {
    const [source, target] = [domains.source.dataset.value, domains.target.dataset.value]
    domains.source.clear()
    domains.target.clear()
    if (source !== null && !check('source', () => requireSource(source))) return null
    if (source === null || target === null) return null
    let undo: (() => void) | null = null
    check(role, () => {
      made.value = proposedExperiment(source, target)
      const { experiment: proposed } = made.value
      const retention = rememberedRetention() ?? proposed.retention
      undo = experiment.useSettingsOf({ ...proposed, retention })
    })
    return undo
  }

  /** @param found of the dataset, when it has been read; null if it was not */
  async function take(role: DomainKey, found: Promise<DatasetSummary | null>): Promise<(() => void) | null> {
    return (await found) === null ? null : propose(role)
  }

  function use(role: DomainKey, dataset: DatasetSummary): (() => void) | null {
    domains[role].use(dataset)
    return propose(role)
  }

  return { domains, proposal, take, use }
})
