/** Whether a promise is still pending after all callbacks that are ready have run. */
export function isPending(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  )
  return Promise.race([settled, new Promise<boolean>((resolve) => setImmediate(resolve, true))])
}
