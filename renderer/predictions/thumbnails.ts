/** Small pictures of samples, fetched as they come into view. */
import { shallowRef, watch } from 'vue'
import type { Images } from '../../src/contract/dataset'
import { useHost } from '../stores/host'
import { useNotices } from '../stores/notices'

export interface Picture {
  readonly images: Images
  /** Position in `images`. */
  readonly index: number
}

/** A picture takes up to 27 kB. */
const mostKept = 2000
const mostAtOnce = 48

/** @param dataset its id; null: nothing is fetched */
export function useThumbnails(dataset: () => string | null) {
  const { lab } = useHost()
  const notices = useNotices()
  const pictures = shallowRef<ReadonlyMap<number, Picture>>(new Map())
  let requested: readonly number[] = []
  let isFetching = false

  async function fetchSome(of: string, samples: number[]): Promise<void> {
    const images = await lab.call('thumbnails', { dataset: of, samples })
    if (of !== dataset()) return
    const kept = new Map([...pictures.value].slice(-mostKept))
    samples.forEach((sample, index) => kept.set(sample, { images, index }))
    pictures.value = kept
  }

  /** Fetches what is requested at the time of each call: samples that were scrolled past are not fetched. */
  async function fetchRequested(): Promise<void> {
    if (isFetching) return
    isFetching = true
    await notices.read('thumbnails', async () => {
      for (;;) {
        const of = dataset()
        const missing = requested.filter((sample) => !pictures.value.has(sample)).slice(0, mostAtOnce)
        if (of === null || missing.length === 0) return
        await fetchSome(of, missing)
      }
    })
    isFetching = false
  }

  function request(samples: readonly number[]): void {
    requested = samples
    void fetchRequested()
  }

  watch(dataset, () => {
    requested = []
    pictures.value = new Map()
  })

  return { pictures, request }
}
