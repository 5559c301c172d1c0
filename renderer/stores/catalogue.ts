/** What the lab offers to choose from: presets, methods, datasets. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Domain, Preset } from '../../src/contract/experiment'
import type { DatasetSummary } from '../../src/contract/lab'
import type { MethodDeclaration } from '../../src/contract/method'
import { useHost } from './host'

const firstLook = 'first-look'

export const useCatalogue = defineStore('catalogue', () => {
  const { lab } = useHost()
  const presets = shallowRef<readonly Preset[]>([])
  const methods = shallowRef<readonly MethodDeclaration[]>([])
  const datasets = shallowRef<readonly DatasetSummary[]>([])
  const loaded = ref(false)

  async function loadDatasets(): Promise<void> {
    datasets.value = await lab.call('datasets', {})
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

  /** The name of a class as its dataset gives it; the number itself where the dataset is unknown. */
  function className(dataset: string, label: number): string {
    return datasetById.value.get(dataset)?.classNames[label] ?? String(label)
  }

  return {
    presets,
    methods,
    datasets,
    loaded,
    load,
    loadDatasets,
    firstPreset,
    methodById,
    datasetById,
    available,
    className,
  }
})
