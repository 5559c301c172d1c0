/** Returns the host, for stores and components. */
import { inject } from 'vue'
import { hostKey, type Host } from '../lab/client'

export function useHost(): Host {
  const host = inject(hostKey)
  if (host === undefined) throw new Error('the page was started without a host')
  return host
}
