/** Store of the presets, methods and datasets that the lab offers. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { countsOfClasses, positionOfClass, unlabelledIn } from '../../src/contract/classes'
import type { Domain, Preset } from '../../src/contract/experiment'
import type { DatasetSummary, TrashedDataset } from '../../src/contract/dataset'
import type { FormatSummary } from '../../src/contract/format'
import type { LabEvent } from '../../src/contract/lab'
import type { MethodDeclaration } from '../../src/contract/method'
import type { RunRecord } from '../../src/contract/record'
import { useHost } from './host'
import { useNotices } from './notices'

/** The part of a run that class names are read from. */
export type NamedRun = Pick<RunRecord, 'experiment'>

const firstLook = 'first-look'

export const useCatalogue = defineStore('catalogue', () => {
  const { lab } = useHost()
  const notices = useNotices()
  const presets = shallowRef<readonly Preset[]>([])
  const methods = shallowRef<readonly MethodDeclaration[]>([])
  const formats = shallowRef<readonly FormatSummary[]>([])
  const datasets = shallowRef<readonly DatasetSummary[]>([])
  const trashed = shallowRef<readonly TrashedDataset[]>([])
  const loaded = ref(false)
  async function loadDatasets(): Promise<void> {
    const [kept, thrown] = await Promise.all([lab.call('datasets', {}), lab.call('trashedDatasets', {})])
    datasets.value = kept
    trashed.value = thrown
  }

  function receive(event: LabEvent): void {
    if (event.type === 'datasets-changed') void notices.read('datasets', loadDatasets)
  }

  async function load(): Promise<void> {
    const [somePresets, someMethods, someFormats] = await Promise.all([
      lab.call('presets', {}),
      lab.call('methods', {}),
      lab.call('formats', {}),
    ])
    presets.value = somePresets
    methods.value = someMethods
    formats.value = someFormats
    await loadDatasets()
    loaded.value = true
  }

  /** The preset offered to a new user: the quick one. */
  const firstPreset = computed(
    () => presets.value.find((preset) => preset.id === firstLook) ?? presets.value[0] ?? null,
  )
  const methodById = computed(() => new Map(methods.value.map((method) => [method.id, method])))
  const datasetById = computed(() => new Map(datasets.value.map((dataset) => [dataset.id, dataset])))

  /** Number of images in a domain before `count` limits it; null if the dataset is not in the catalogue. */
  function available(domain: Domain): number | null {
    const dataset = datasetById.value.get(domain.dataset)
    if (dataset?.classCounts[`${domain.partition}/${domain.split}`] === undefined) return null
    const most = domain.perClass ?? Infinity
    const labelled = countsOfClasses(domain.classes, domain, dataset).map((count) => Math.min(count, most))
    return labelled.reduce((sum, count) => sum + count, domain.unlabelled ? unlabelledIn(domain, dataset) : 0)
  }

  const trashedById = computed(() => new Map(trashed.value.map((one) => [one.dataset.id, one])))

  /**
   * Whether the dataset of a domain is missing. A dataset given by its path is never in the catalogue and does not
   * count.
   */
  function isMissing(dataset: string): boolean {
    return loaded.value && !datasetById.value.has(dataset) && !/[/\\]/.test(dataset)
  }

  /** The name of a class; a class that a record gives by position gets the name that its dataset has there. */
  function className(dataset: string, name: string): string {
    const known = datasetById.value.get(dataset) ?? trashedById.value.get(dataset)?.dataset
    return known?.classNames[positionOfClass(name, known.classNames)] ?? name
  }

  /** Name of the class at this index of a run's domain. */
  function classOf(run: NamedRun | null, role: 'source' | 'target', index: number): string {
    const domain = run?.experiment[role]
    const name = domain?.classes[index]
    return domain === undefined || name === undefined ? '–' : className(domain.dataset, name)
  }

  return {
    presets,
    methods,
    formats,
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
    className,
    classOf,
  }
})
