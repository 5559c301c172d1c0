/** Store of sample images from the form's two domains, after their shifts. */
import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { domainSchema } from '../../src/contract/experiment'
import type { Images } from '../../src/contract/dataset'
import { raw } from '../lab/raw'
import { useCatalogue } from './catalogue'
import { useExperiment, type DomainKey } from './experiment'
import { useHost } from './host'

const typingPause = 300
export const galleryCount = 32

export const useGalleries = defineStore('galleries', () => {
  const { lab } = useHost()
  const catalogue = useCatalogue()
  const experiment = useExperiment()
  const images = { source: shallowRef<Images | null>(null), target: shallowRef<Images | null>(null) }

  async function load(key: DomainKey): Promise<void> {
    const domain = raw(experiment.draft[key])
    // An invalid domain has no images; the last valid ones stay.
    if (!domainSchema.safeParse(domain).success) return
    try {
      const model = raw(experiment.draft.model)
      const found = await lab.call('gallery', { domain, model, count: galleryCount })
      if (JSON.stringify(domain) === JSON.stringify(experiment.draft[key])) images[key].value = found
    } catch {
      // The form's own check reports the error at its setting.
      images[key].value = null
    }
  }

  for (const key of ['source', 'target'] as const) {
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      () =>
        [catalogue.loaded, JSON.stringify(experiment.draft[key]), experiment.draft.model.channels] as const,
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
