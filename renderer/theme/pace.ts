/**
 * At most one redraw a second. Without a GPU Chromium paints in software, on the cores that training needs;
 * everything that follows events goes through here.
 */
export const redrawInterval = 1000

/**
 * Calls `redraw` at once when it has been quiet for `interval` ms, else once when the interval is over.
 * While the page is hidden nothing is called; one call follows when it is shown again.
 */
export function paced(redraw: () => void, interval = redrawInterval): () => void {
  let last = -Infinity
  let waiting = false

  function run(): void {
    waiting = false
    last = Date.now()
    redraw()
  }

  function runWhenVisible(): void {
    if (!document.hidden) return run()
    const shown = () => {
      if (document.hidden) return
      document.removeEventListener('visibilitychange', shown)
      run()
    }
    document.addEventListener('visibilitychange', shown)
  }

  return () => {
    if (waiting) return
    waiting = true
    const left = last + interval - Date.now()
    if (left <= 0) runWhenVisible()
    else setTimeout(runWhenVisible, left)
  }
}
