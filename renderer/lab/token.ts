/** The access token of the loopback page: passed once in the URL, then kept for the lifetime of the tab. */
const key = 'dalab.token'

export function takeToken(): string {
  const found = /(?:^#|&)token=([^&]+)/.exec(location.hash)?.[1]
  if (found !== undefined) {
    sessionStorage.setItem(key, decodeURIComponent(found))
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(key) ?? ''
}
