/**
 * Quits the program after closing the lab. It quits even if closing fails: without a window the user could not end it,
 * and every further start would hand over to this process and show nothing.
 */

/**
 * @returns a function that quits once, however often it is called: closing the window and the system can both call it
 */
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
