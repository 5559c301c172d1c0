/**
 * Limits redraws to one a second. Without a GPU, Chromium renders on the CPU cores that training needs, so every
 * redraw that follows events goes through this function.
 */
export const redrawInterval = 1000

/**
 * Calls `redraw` at once if the last call was at least `interval` ms ago, else once when the interval has passed.
 * While the page is hidden there are no calls; one follows when it is shown again.
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
