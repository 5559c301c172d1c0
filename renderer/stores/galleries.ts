/** Store of sample images from the form's two domains, after their shifts. */
import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { domainSchema, modelSchema, type Domain, type ModelOptions } from '../../src/contract/experiment'
import type { Images } from '../../src/contract/dataset'
import { raw } from '../lab/raw'
import { useCatalogue } from './catalogue'
import { useExperiment, type DomainKey } from './experiment'
import { useHost } from './host'

const typingPause = 300
export const galleryCount = 32

/** The settings that change what the images look like. */
function keyOf(domain: Domain, { channels, side }: ModelOptions): string {
  return JSON.stringify([domain, channels, side])
}

export const useGalleries = defineStore('galleries', () => {
  const { lab } = useHost()
  const catalogue = useCatalogue()
  const experiment = useExperiment()
  const images = { source: shallowRef<Images | null>(null), target: shallowRef<Images | null>(null) }

  async function load(key: DomainKey): Promise<void> {
    const domain = raw(experiment.draft[key])
    const model = raw(experiment.draft.model)
    // Invalid settings have no images; the last valid ones stay.
    if (!domainSchema.safeParse(domain).success || !modelSchema.safeParse(model).success) return
    try {
      const found = await lab.call('gallery', { domain, model, count: galleryCount })
      if (keyOf(domain, model) === keyOf(experiment.draft[key], experiment.draft.model))
        images[key].value = found
    } catch {
      // The form's own check reports the error at its setting.
      images[key].value = null
    }
  }

  for (const key of ['source', 'target'] as const) {
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      () => [catalogue.loaded, keyOf(experiment.draft[key], experiment.draft.model)] as const,
      ([loaded]) => {
        if (!loaded) return
        clearTimeout(timer)
        timer = setTimeout(() => void load(key), typingPause)
      },
      { immediate: true },
    )
  }

  return { source: images.source, target: images.target }
})
