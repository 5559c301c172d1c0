/**
 * Draws one chart per frame. The end of a round, a change of theme or a change of page redraws all charts of a page;
 * drawn in one frame they would block the window for a fifth of a second.
 */
import { onBeforeUnmount, shallowRef, watch, type ShallowRef } from 'vue'

const waiting = new Set<() => void>()
let whenIdle: (() => void)[] = []

function nextTurn(): void {
  const [draw] = waiting
  if (draw !== undefined) {
    waiting.delete(draw)
    draw()
  }
  if (waiting.size > 0) {
    requestAnimationFrame(nextTurn)
    return
  }
  const resolvers = whenIdle
  whenIdle = []
  resolvers.forEach((resolve) => resolve())
}

function takeTurn(draw: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(nextTurn)
  waiting.add(draw)
}

/** Resolves when every chart has been drawn. */
export function allDrawn(): Promise<void> {
  return waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))
}

/** Follows `value`, including its first value, when the chart's turn comes; null until then. */
export function useInTurn<T>(value: () => T): Readonly<ShallowRef<T | null>> {
  const shown = shallowRef<T | null>(null)
  const show = () => (shown.value = value())
  watch(value, () => takeTurn(show), { immediate: true, flush: 'post' })
  onBeforeUnmount(() => waiting.delete(show))
  return shown
}
