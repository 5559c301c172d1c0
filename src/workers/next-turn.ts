/** Waits for the next turn of the event loop, so that messages are received and timers run. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
