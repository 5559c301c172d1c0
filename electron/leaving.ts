/**
 * Leaving: the lab is closed first. Whatever comes of that, the program ends: without a window nobody could end it, and
 * every further start would hand over to it and show nothing.
 */

/** @returns what leaves, once, however often it is called: the window may go while the system wishes the same */
export function leaveBy(
  close: () => Promise<void>,
  exit: (code: number) => void,
  report: (error: unknown) => void,
): () => void {
  let isLeaving = false
  return () => {
    if (isLeaving) return
    isLeaving = true
    void close().then(
      () => exit(0),
      (error: unknown) => {
        report(error)
        exit(1)
      },
    )
  }
}
