/** Frames since a page was opened, up to `most`: what a page shows first comes first, the rest a frame later each. */
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
