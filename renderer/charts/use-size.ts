/** Size of an element's content box in CSS pixels; the element may be mounted or replaced later. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

export function useSize(element: Readonly<Ref<HTMLElement | null>>) {
  const size = ref({ width: 0, height: 0 })
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) size.value = { width: entry.contentRect.width, height: entry.contentRect.height }
  })
  watch(
    element,
    (now, before) => {
      if (before !== null && before !== undefined) observer.unobserve(before)
      if (now !== null) observer.observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onBeforeUnmount(() => observer.disconnect())
  return size
}
