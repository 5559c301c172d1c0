/** The token of a loopback page: it comes once in the address, and lives as long as the tab. */
const key = 'dalab.token'

export function takeToken(): string {
  const found = /(?:^#|&)token=([^&]+)/.exec(location.hash)?.[1]
  if (found !== undefined) {
    sessionStorage.setItem(key, decodeURIComponent(found))
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(key) ?? ''
}
