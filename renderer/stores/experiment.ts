/** Store of the experiment in the form: a draft that is checked while the user types. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { applySettings, refusalsOf } from '../../src/contract/check'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'
import { experimentSchema, type Domain, type Experiment, type Preset } from '../../src/contract/experiment'
import type { CommandOutput } from '../../src/contract/lab'
import { suggestedSettings } from '../../src/contract/method'
import type { ParameterValue } from '../../src/contract/parameter'
import { valueAt } from '../../src/contract/schema'
import { raw } from '../lab/raw'
import { settingOf, type FieldProblems } from './problems'
import { useCatalogue } from './catalogue'
import { useHost } from './host'
import { rememberedRetention } from './preferences'
import { useRuns } from './runs'

export type DomainKey = 'source' | 'target'

const typingPause = 350

const digits = (classes: number[]): Domain => ({
  dataset: 'mnist',
  partition: 'original',
  split: 'train',
  classes,
  count: 'all',
  rarest: 1,
  framing: 'fill',
  shifts: [],
  seed: 0,
})

function firstDraft(): Experiment {
  return experimentSchema.parse({
    name: 'MNIST 0 1 → 2 3',
    source: digits([0, 1]),
    target: digits([2, 3]),
    pairing: [1, 0],
  })
}

/** The experiment without its retention, which the settings page keeps for all experiments. */
function contentOf({ retention: _retention, ...content }: Experiment): string {
  return JSON.stringify(content)
}

export const useExperiment = defineStore('experiment', () => {
  const { lab } = useHost()
  const catalogue = useCatalogue()
  const runs = useRuns()
  const draft = ref<Experiment>(firstDraft())
  const presetId = ref<string | null>(null)
  /** An error from the lab's check, which finds more than the form's schemas can. */
  const refusal = shallowRef<ErrorMessage | null>(null)
  /** The expected cost of the run: disk space and time. */
  const estimate = shallowRef<CommandOutput<'estimate'> | null>(null)
  const checked = ref(false)
  /** Whether the user chose the method. If it came with a preset, no settings are suggested for it. */
  const choseMethod = ref(false)

  const method = computed(() => catalogue.methodById.get(draft.value.adaptation.method) ?? null)

  /** Problems that follow from the settings alone, found while the user types by the same check as the lab's. */
  const problems = computed<FieldProblems>(() =>
    catalogue.loaded ? refusalsOf(draft.value, catalogue.methods) : new Map(),
  )

  /** `problems`, plus the lab's refusal at the setting it concerns. */
  const shownProblems = computed<FieldProblems>(() => {
    const { value } = refusal
    const setting = value === null ? null : settingOf(value, draft.value)
    return value === null || setting === null
      ? problems.value
      : new Map([...problems.value, [setting, value]])
  })

  const valid = computed(() => problems.value.size === 0 && refusal.value === null)

  /** The draft as last loaded into the form, to detect changes made by the user. */
  let loaded = contentOf(draft.value)

  /**
   * Loads other settings into the form. Returns a function that restores the user's changes; null if there were none.
   */
  function replace(next: Experiment, nextPreset: string | null, nextChose: boolean): (() => void) | null {
    const before = { draft: raw(draft.value), preset: presetId.value, chose: choseMethod.value, loaded }
    const isChanged = contentOf(before.draft) !== loaded
    presetId.value = nextPreset
    choseMethod.value = nextChose
    draft.value = next
    loaded = contentOf(next)
    if (!isChanged) return null
    return () => {
      presetId.value = before.preset
      choseMethod.value = before.chose
      draft.value = before.draft
      loaded = before.loaded
    }
  }

  function usePreset({ id, experiment }: Preset): (() => void) | null {
    const retention = rememberedRetention() ?? experiment.retention
    return replace({ ...raw(experiment), retention }, id, false)
  }

  function useSettingsOf(experiment: Experiment): (() => void) | null {
    return replace(raw(experiment), null, false)
  }

  /**
   * The pairing must fit the domains. After the classes change, valid entries keep their positions and the remaining
   * indices are assigned in order.
   */
  function fitPairing(): void {
    const size = draft.value.source.classes.length
    if (draft.value.target.classes.length !== size) return
    const kept = draft.value.pairing.slice(0, size).map((i) => (i < size ? i : -1))
    const free = [...Array(size).keys()].filter((i) => !kept.includes(i))
    draft.value.pairing = [...Array(size).keys()].map((position) => {
      const index = kept[position] ?? -1
      return index >= 0 && kept.indexOf(index) === position ? index : (free.shift() ?? 0)
    })
  }

  /** Shifts the pairing by one: two classes swap, more classes each move to the next. */
  function turnPairing(): void {
    const size = draft.value.source.classes.length
    draft.value.pairing = draft.value.pairing.map((index) => (index + 1) % size)
  }

  /** Assigns the source class `index` to `target.classes[position]`; the class that had it takes the previous one. */
  function pair(position: number, index: number): void {
    const { pairing } = draft.value
    const before = pairing[position]
    draft.value.pairing = pairing.map((other, i) =>
      i === position ? index : other === index && before !== undefined ? before : other,
    )
  }

  function setClasses(key: DomainKey, classes: number[]): void {
    draft.value[key].classes = classes
    fitPairing()
  }

  function setDataset(key: DomainKey, dataset: string): void {
    const known = catalogue.datasetById.get(dataset)?.classNames.length ?? 0
    const domain = draft.value[key]
    domain.dataset = dataset
    domain.classes = domain.classes.filter((label) => label < known)
    if (domain.classes.length === 0) domain.classes = [...Array(Math.min(2, known)).keys()]
    const counts = catalogue.datasetById.get(dataset)?.counts ?? {}
    const has = (split: Domain['split']) => counts[`${domain.partition}/${split}`] !== undefined
    // Not every dataset has both splits; a missing one is replaced.
    if (!has(domain.split)) domain.split = has('train') ? 'train' : 'test'
    fitPairing()
  }

  function setMethod(id: string): void {
    const declared = catalogue.methodById.get(id)?.parameters ?? {}
    draft.value.adaptation.method = id
    choseMethod.value = true
    draft.value.adaptation.parameters = Object.fromEntries(
      Object.entries(declared).map(([key, parameter]) => [key, parameter.initial]),
    )
  }

  /** Settings suggested by the chosen method that differ from the form's. */
  const suggestion = computed(() =>
    choseMethod.value && method.value !== null
      ? suggestedSettings(method.value).filter(
          ([name, value]) => valueAt(draft.value, name.split('.')) !== value,
        )
      : [],
  )

  function takeSuggestion(): (() => void) | null {
    const settings = method.value === null ? [] : suggestedSettings(method.value)
    const next = experimentSchema.parse(applySettings(raw(draft.value), settings, catalogue.methods))
    return replace(next, presetId.value, choseMethod.value)
  }

  function setParameter(key: string, value: ParameterValue): void {
    draft.value.adaptation.parameters[key] = value
  }

  function parameter(key: string): ParameterValue | undefined {
    return draft.value.adaptation.parameters[key] ?? method.value?.parameters[key]?.initial
  }

  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function check(): Promise<void> {
    const mine = ++asked
    if (problems.value.size > 0) {
      refusal.value = null
      checked.value = true
      return
    }
    const experiment = raw(draft.value)
    try {
      await lab.call('check', { experiment })
      const found = await lab.call('estimate', { experiment })
      if (mine !== asked) return
      estimate.value = found
      refusal.value = null
    } catch (error) {
      if (mine !== asked) return
      refusal.value = toErrorMessage(error)
    }
    checked.value = true
  }

  watch(
    // Adding or removing a dataset changes which experiments can run.
    [draft, () => catalogue.loaded, () => catalogue.datasets],
    () => {
      if (!catalogue.loaded) return
      // Start needs a check of the current draft; an answer still on its way is about an older one.
      asked++
      checked.value = false
      clearTimeout(timer)
      timer = setTimeout(() => void check(), typingPause)
    },
    { deep: true },
  )

  // A run that has ended improves the time estimate for the next one.
  watch(
    () => runs.training?.id ?? null,
    (training) => {
      if (training === null && checked.value) void check()
    },
  )

  /** Starts the run. An error about a setting is shown at that setting until it changes. */
  async function start(): Promise<string> {
    const experiment = raw(draft.value)
    try {
      const { run } = await lab.call('start', { experiment })
      return run
    } catch (error) {
      const message = toErrorMessage(error)
      if (settingOf(message, experiment) !== null) refusal.value = message
      throw error
    }
  }

  return {
    draft,
    presetId,
    refusal,
    estimate,
    checked,
    method,
    problems,
    shownProblems,
    valid,
    usePreset,
    useSettingsOf,
    turnPairing,
    pair,
    setClasses,
    setDataset,
    setMethod,
    setParameter,
    parameter,
    suggestion,
    takeSuggestion,
    check,
    start,
  }
})
