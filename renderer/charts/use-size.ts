/** The content box of an element, in CSS pixels. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export function useSize(element: Readonly<Ref<HTMLElement | null>>) {
  const size = ref({ width: 0, height: 0 })
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) size.value = { width: entry.contentRect.width, height: entry.contentRect.height }
  })
  onMounted(() => element.value !== null && observer.observe(element.value))
  onBeforeUnmount(() => observer.disconnect())
  return size
}
