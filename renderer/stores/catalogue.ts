/** What the lab offers to choose from: presets, methods, datasets. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Domain, Preset } from '../../src/contract/experiment'
import type { DatasetSummary, TrashedDataset } from '../../src/contract/dataset'
import type { LabEvent } from '../../src/contract/lab'
import type { MethodDeclaration } from '../../src/contract/method'
import type { RunRecord } from '../../src/contract/record'
import { useHost } from './host'
import { useNotices } from './notices'

/** What a run says of its classes. */
export type NamedRun = Pick<RunRecord, 'experiment' | 'classNames'>

const firstLook = 'first-look'

export const useCatalogue = defineStore('catalogue', () => {
  const { lab } = useHost()
  const notices = useNotices()
  const presets = shallowRef<readonly Preset[]>([])
  const methods = shallowRef<readonly MethodDeclaration[]>([])
  const datasets = shallowRef<readonly DatasetSummary[]>([])
  const trashed = shallowRef<readonly TrashedDataset[]>([])
  const loaded = ref(false)
  /** By dataset and label: of runs whose settings were taken over, as their datasets may be gone. */
  const remembered = new Map<string, string>()

  async function loadDatasets(): Promise<void> {
    const [kept, thrown] = await Promise.all([lab.call('datasets', {}), lab.call('trashedDatasets', {})])
    datasets.value = kept
    trashed.value = thrown
  }

  function receive(event: LabEvent): void {
    if (event.type === 'datasets-changed') void notices.read('datasets', loadDatasets)
  }

  async function load(): Promise<void> {
    const [somePresets, someMethods] = await Promise.all([lab.call('presets', {}), lab.call('methods', {})])
    presets.value = somePresets
    methods.value = someMethods
    await loadDatasets()
    loaded.value = true
  }

  /** What a newcomer is offered: the quick one that works. */
  const firstPreset = computed(
    () => presets.value.find((preset) => preset.id === firstLook) ?? presets.value[0] ?? null,
  )
  const methodById = computed(() => new Map(methods.value.map((method) => [method.id, method])))
  const datasetById = computed(() => new Map(datasets.value.map((dataset) => [dataset.id, dataset])))

  /** How many images a domain has, before `count` limits it; null when the dataset is not known. */
  function available(domain: Domain): number | null {
    const counts = datasetById.value.get(domain.dataset)?.classCounts[`${domain.partition}/${domain.split}`]
    if (counts === undefined) return null
    return domain.classes.reduce((sum, label) => sum + (counts[label] ?? 0), 0)
  }

  const trashedById = computed(() => new Map(trashed.value.map((one) => [one.dataset.id, one])))

  /** Whether a domain names a dataset that is not there. One that is named by its path is not in the catalogue. */
  function isMissing(dataset: string): boolean {
    return loaded.value && !datasetById.value.has(dataset) && !/[/\\]/.test(dataset)
  }

  const keyOf = (dataset: string, label: number) => `${dataset}/${label}`

  function remember({ experiment, classNames }: NamedRun): void {
    for (const role of ['source', 'target'] as const) {
      const { dataset, classes } = experiment[role]
      classNames?.[role]?.forEach((name, index) => remembered.set(keyOf(dataset, classes[index] ?? -1), name))
    }
  }

  /** The name of a class as its dataset gives it; the number itself where nothing else is known. */
  function className(dataset: string, label: number): string {
    const known = datasetById.value.get(dataset) ?? trashedById.value.get(dataset)?.dataset
    return known?.classNames[label] ?? remembered.get(keyOf(dataset, label)) ?? String(label)
  }

  /** The class with this index in a domain of a run: as the run has kept it, else as its dataset has it. */
  function classOf(run: NamedRun | null, role: 'source' | 'target', index: number): string {
    const domain = run?.experiment[role]
    const label = domain?.classes[index]
    if (domain === undefined || label === undefined) return '–'
    return run?.classNames?.[role]?.[index] ?? className(domain.dataset, label)
  }

  return {
    presets,
    methods,
    datasets,
    trashed,
    loaded,
    load,
    loadDatasets,
    receive,
    firstPreset,
    methodById,
    datasetById,
    trashedById,
    available,
    isMissing,
    remember,
    className,
    classOf,
  }
})
