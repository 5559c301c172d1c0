/** The experiment in the form: a draft, checked while the user types. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { applySettings, refusalsOf } from '../../src/contract/check'
import { classesWithSamples, pairedByName, unlabelledIn } from '../../src/contract/classes'
import { encoderFor } from '../../src/contract/encoder'
import { encodedLength } from '../../src/contract/encoder-input'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'
import { experimentSchema, type Domain, type Experiment, type Preset } from '../../src/contract/experiment'
import type { DatasetSummary } from '../../src/contract/dataset'
import type { CommandOutput } from '../../src/contract/lab'
import { suggestedSettings } from '../../src/contract/method'
import { declaredSchedules, type ParameterValue, type WeightSchedule } from '../../src/contract/parameter'
import { valueAt } from '../../src/contract/schema'
import { raw } from '../lab/raw'
import { settingOf, type FieldProblems } from './problems'
import { useCatalogue } from './catalogue'
import { useHost } from './host'
import { rememberedRetention } from './preferences'
import { nameFromTitles } from '../../src/contract/name-from-titles'
import { useRuns } from './runs'

export type DomainKey = 'source' | 'target'

/** Milliseconds after the last change before the lab checks the draft. */
const typingPause = 350

const mnistDomain = (classes: string[]): Domain => ({
  dataset: 'mnist',
  partition: 'original',
  split: 'train',
  classes,
  unlabelled: false,
  count: 'all',
  perClass: null,
  rarest: 1,
  framing: 'stretch',
  shifts: [],
  seed: 0,
})

function firstDraft(): Experiment {
  return experimentSchema.parse({
    name: 'MNIST 0 1 → 2 3',
    source: mnistDomain(['0', '1']),
    target: mnistDomain(['2', '3']),
    pairing: [1, 0],
  })
}

/** The experiment without `retention`, which the settings page sets for every experiment. */
function contentOf({ retention: _retention, ...content }: Experiment): string {
  return JSON.stringify(content)
}

/** A source without labels has no classes to choose from, so its dataset is refused instead of its classes. */
function sourceUnlabelled(refusals: FieldProblems, { dataset }: Domain): FieldProblems {
  const { 'source.classes': _, ...others } = Object.fromEntries(refusals)
  const refusal: ErrorMessage = { code: 'source-unlabelled', params: { dataset } }
  return new Map([...Object.entries(others), ['source.dataset', refusal]])
}

export const useExperiment = defineStore('experiment', () => {
  const { lab } = useHost()
  const catalogue = useCatalogue()
  const runs = useRuns()
  const draft = ref<Experiment>(firstDraft())
  const presetId = ref<string | null>(null)
  /** The error with which the lab refused the draft, after the form's own checks passed; otherwise null. */
  const refusal = shallowRef<ErrorMessage | null>(null)
  /** Disk space and time that the run will take. */
  const estimate = shallowRef<CommandOutput<'estimate'> | null>(null)
  /** Whether the current draft has been checked. */
  const checked = ref(false)
  /** Whether the user chose the method in the form. A preset brings its own settings, so it gets no suggestion. */
  const isMethodChosen = ref(false)

  const method = computed(() => catalogue.methodById.get(draft.value.adaptation.method) ?? null)

  /** Errors in the settings alone, by field. The check is the lab's own and runs while the user types. */
  const problems = computed<FieldProblems>(() => {
    if (!catalogue.loaded) return new Map()
    const refusals = refusalsOf(draft.value, catalogue.methods)
    return isSourceUnlabelled.value ? sourceUnlabelled(refusals, draft.value.source) : refusals
  })

  const isSourceUnlabelled = computed(() => {
    const { source } = draft.value
    const summary = catalogue.datasetById.get(source.dataset)
    return summary !== undefined && classesWithSamples(source, summary).length === 0
  })

  /** `problems`, with the lab's refusal at the setting that caused it. */
  const shownProblems = computed<FieldProblems>(() => {
    const { value } = refusal
    const setting = value === null ? null : settingOf(value, draft.value)
    return value === null || setting === null
      ? problems.value
      : new Map([...problems.value, [setting, value]])
  })

  const valid = computed(() => problems.value.size === 0 && refusal.value === null)

  /** The draft as it was last loaded into the form, to detect edits by the user. */
  let loaded = contentOf(draft.value)

  /** The run's name as settings brought it or as it follows from the datasets; a name of the user's own differs. */
  let givenName = draft.value.name

  /** Replaces the settings in the form. Returns a function that restores the user's edits; null if there were none. */
  function replace(
    next: Experiment,
    nextPreset: string | null,
    nextIsMethodChosen: boolean,
  ): (() => void) | null {
    const before = {
      draft: raw(draft.value),
      preset: presetId.value,
      chose: isMethodChosen.value,
      loaded,
      givenName,
    }
    const isChanged = contentOf(before.draft) !== loaded
    presetId.value = nextPreset
    isMethodChosen.value = nextIsMethodChosen
    draft.value = next
    loaded = contentOf(next)
    givenName = next.name
    if (!isChanged) return null
    return () => {
      presetId.value = before.preset
      isMethodChosen.value = before.chose
      draft.value = before.draft
      loaded = before.loaded
      givenName = before.givenName
    }
  }

  function usePreset({ id, experiment }: Preset): (() => void) | null {
    const retention = rememberedRetention() ?? experiment.retention
    return replace({ ...raw(experiment), retention }, id, false)
  }

  function useSettingsOf(experiment: Experiment): (() => void) | null {
    return replace(raw(experiment), null, false)
  }

  /** Fits the pairing to changed classes: valid and unique indices stay, the others get the free ones in order. */
  function fitPairing(): void {
    const size = draft.value.source.classes.length
    const { classes, unlabelled } = draft.value.target
    if (classes.length === 0 && unlabelled) draft.value.pairing = []
    if (classes.length !== size) return
    const kept = draft.value.pairing.slice(0, size).map((i) => (i < size ? i : -1))
    const free = [...Array(size).keys()].filter((i) => !kept.includes(i))
    draft.value.pairing = [...Array(size).keys()].map((position) => {
      const index = kept[position] ?? -1
      return index >= 0 && kept.indexOf(index) === position ? index : (free.shift() ?? 0)
    })
  }

  /** Moves each target class to the next source class; with two classes, the two swap. */
  function turnPairing(): void {
    const size = draft.value.source.classes.length
    draft.value.pairing = draft.value.pairing.map((index) => (index + 1) % size)
  }

  /** Pairs `target.classes[position]` with source class `index`. The target class that had it gets the previous one. */
  function pair(position: number, index: number): void {
    const { pairing } = draft.value
    const before = pairing[position]
    draft.value.pairing = pairing.map((other, i) =>
      i === position ? index : other === index && before !== undefined ? before : other,
    )
  }

  function setClasses(key: DomainKey, classes: string[]): void {
    draft.value[key].classes = classes
    fitPairing()
  }

  /** With another dataset the preset's title and text no longer describe the experiment, nor does its name. */
  function leavePreset(): void {
    presetId.value = null
    if (draft.value.name !== givenName) return
    const titleOf = (id: string) => catalogue.datasetById.get(id)?.title ?? id
    const { source, target } = draft.value
    draft.value.name = givenName = nameFromTitles(titleOf(source.dataset), titleOf(target.dataset))
  }

  /** Takes all classes and images of a dataset, in its own split, and pairs classes of equal names. */
  function setDataset(key: DomainKey, dataset: string): void {
    const domain = draft.value[key]
    Object.assign(domain, {
      dataset,
      partition: 'original',
      split: 'train',
      count: 'all',
      perClass: null,
      rarest: 1,
    })
    leavePreset()
    const summary = catalogue.datasetById.get(dataset)
    if (summary === undefined) return
    // A dataset may have test images only.
    if (summary.counts['original/train'] === undefined) domain.split = 'test'
    // Labels name samples by their index in the target's dataset.
    if (key === 'target') draft.value.adaptation.labels = []
    takeClasses(key, summary)
    if (summary.kind === 'vector') domain.shifts = []
    fitModel(summary)
    pairEqualNames()
  }

  function takeClasses(key: DomainKey, summary: DatasetSummary): void {
    const domain = draft.value[key]
    domain.classes = classesWithSamples(domain, summary)
    domain.unlabelled = key === 'target' && unlabelledIn(domain, summary) > 0
  }

  /** A split may have labels where the other one has none; the classes then change with it. */
  function setSplit(key: DomainKey, split: Domain['split']): void {
    const domain = draft.value[key]
    domain.split = split
    const summary = catalogue.datasetById.get(domain.dataset)
    if (summary === undefined) return
    const isLabelled = classesWithSamples(domain, summary).length > 0
    if (isLabelled === domain.classes.length > 0) return
    takeClasses(key, summary)
    pairEqualNames()
  }

  /** Number of colour channels of the samples in each domain; null if the dataset is unknown or has vectors. */
  const coloursOf = computed(() => {
    const channelsIn = ({ dataset }: Domain) => catalogue.datasetById.get(dataset)?.channels ?? null
    return { source: channelsIn(draft.value.source), target: channelsIn(draft.value.target) }
  })

  /** Fits the model to samples of the kind just chosen. The other domain may still be of another kind. */
  function fitModel({ kind, length }: DatasetSummary): void {
    const { model, sourceStage } = draft.value
    if (kind === 'vector') model.backbone = null
    model.length = encodedLength(model.backbone, length)
    if (model.backbone !== null) return
    model.encoder = encoderFor(kind, model.encoder)
    if (kind === 'vector') {
      sourceStage.views = null
      return
    }
    fitChannels()
  }

  /** Colour if both domains have it. A coloured background needs colour whatever the dataset has. */
  function fitChannels(): void {
    const { source, target, model } = draft.value
    const areColoured = coloursOf.value.source === 3 && coloursOf.value.target === 3
    const isBackground = [...source.shifts, ...target.shifts].some(
      ({ kind }) => kind === 'coloured-background',
    )
    model.channels = areColoured || isBackground || model.backbone !== null ? 3 : 1
  }

  function setUnlabelled(key: DomainKey, unlabelled: boolean): void {
    draft.value[key].unlabelled = unlabelled
    fitPairing()
  }

  function pairEqualNames(): void {
    const { source, target } = draft.value
    const named = pairedByName(source.classes, target.classes)
    if (named.every((index) => index >= 0)) draft.value.pairing = named
    else fitPairing()
  }

  function setMethod(id: string): void {
    const declared = catalogue.methodById.get(id)?.parameters ?? {}
    draft.value.adaptation.method = id
    isMethodChosen.value = true
    draft.value.adaptation.parameters = Object.fromEntries(
      Object.entries(declared).map(([key, parameter]) => [key, parameter.initial]),
    )
    draft.value.adaptation.weightSchedules = {}
  }

  /** Suggested settings of the chosen method that differ from the draft. */
  const suggestion = computed(() =>
    isMethodChosen.value && method.value !== null
      ? suggestedSettings(method.value).filter(
          ([name, value]) => valueAt(draft.value, name.split('.')) !== value,
        )
      : [],
  )

  function takeSuggestion(): (() => void) | null {
    const settings = method.value === null ? [] : suggestedSettings(method.value)
    const next = experimentSchema.parse(applySettings(raw(draft.value), settings, catalogue.methods))
    return replace(next, presetId.value, isMethodChosen.value)
  }

  function setParameter(key: string, value: ParameterValue): void {
    draft.value.adaptation.parameters[key] = value
  }

  function parameter(key: string): ParameterValue | undefined {
    return draft.value.adaptation.parameters[key] ?? method.value?.parameters[key]?.initial
  }

  /** The schedule of each weight of the method: the chosen one, or the declared one. */
  const weightSchedules = computed(() => ({
    ...declaredSchedules(method.value?.parameters ?? {}),
    ...draft.value.adaptation.weightSchedules,
  }))

  function setWeightSchedule(key: string, schedule: WeightSchedule): void {
    const { [key]: _, ...others } = draft.value.adaptation.weightSchedules
    const isDeclared = method.value?.parameters[key]?.weight?.schedule === schedule
    draft.value.adaptation.weightSchedules = isDeclared ? others : { ...others, [key]: schedule }
  }

  let checks = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function check(): Promise<void> {
    const thisCheck = ++checks
    if (problems.value.size > 0) {
      refusal.value = null
      checked.value = true
      return
    }
    const experiment = raw(draft.value)
    try {
      await lab.call('check', { experiment })
      const found = await lab.call('estimate', { experiment })
      if (thisCheck !== checks) return
      estimate.value = found
      refusal.value = null
    } catch (error) {
      if (thisCheck !== checks) return
      refusal.value = toErrorMessage(error)
    }
    checked.value = true
  }

  watch(
    // The catalogue's datasets are watched too: a dataset that was added or removed changes what can run.
    [draft, () => catalogue.loaded, () => catalogue.datasets],
    () => {
      if (!catalogue.loaded) return
      // A pending answer is about the previous draft; it is discarded, and Start is disabled until the next check.
      checks++
      checked.value = false
      clearTimeout(timer)
      timer = setTimeout(() => void check(), typingPause)
    },
    { deep: true },
  )

  // The run that has just ended improves the estimate for the next one.
  watch(
    () => runs.training?.id ?? null,
    (training) => {
      if (training === null && checked.value) void check()
    },
  )

  /** Starts the run. If a setting causes a refusal, the error is shown at that setting until the draft changes. */
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
    setSplit,
    setUnlabelled,
    coloursOf,
    setMethod,
    setParameter,
    parameter,
    weightSchedules,
    setWeightSchedule,
    suggestion,
    takeSuggestion,
    check,
    start,
  }
})
