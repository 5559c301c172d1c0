/**
 * Charts that take turns, one a frame. A round's end, another theme or another page changes all charts of a page at
 * once; drawn in one go they would keep the window from answering for a fifth of a second.
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

/** Resolves when no chart is behind what it is to show. */
export function allDrawn(): Promise<void> {
  return waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))
}

/** Follows `value`, its first value included, when the turn comes; null until then. */
export function useInTurn<T>(value: () => T): Readonly<ShallowRef<T | null>> {
  const shown = shallowRef<T | null>(null)
  const show = () => (shown.value = value())
  watch(value, () => takeTurn(show), { immediate: true, flush: 'post' })
  onBeforeUnmount(() => waiting.delete(show))
  return shown
}
