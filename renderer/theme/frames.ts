/**
 * Counts animation frames since the page was opened, up to `most`, so that a page can render its parts one frame
 * apart.
 */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export function useFrames(most: number): Readonly<Ref<number>> {
  const frames = ref(0)
  let handle = 0
  function count(): void {
    frames.value++
    if (frames.value < most) handle = requestAnimationFrame(count)
  }
  onMounted(() => (handle = requestAnimationFrame(count)))
  onBeforeUnmount(() => cancelAnimationFrame(handle))
  return frames
}
