/** Serves the page's files as `app://lab/`, with the content security policy as a header. */
import { promises as fs } from 'fs'
import { extname, join, normalize, sep } from 'path'
import { contentSecurityPolicy, pageTypes } from '../src/contract/page'
import type { PageResponse } from './platform'

export const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://lab`

const notFound: PageResponse = { status: 404, headers: {}, body: Buffer.alloc(0) }

/** The file in `folder` that a URL refers to; null if the URL is another host's or leads outside. */
function fileOf(folder: string, url: string): string | null {
  const { host, pathname } = new URL(url)
  const path = normalize(join(folder, decodeURIComponent(pathname === '/' ? '/index.html' : pathname)))
  return host === 'lab' && path.startsWith(folder + sep) ? path : null
}

export async function respondWith(folder: string, url: string): Promise<PageResponse> {
  try {
    const file = fileOf(folder, url)
    const type = file === null ? undefined : pageTypes[extname(file)]
    if (file === null || type === undefined) return notFound
    const headers = {
      'Content-Type': type,
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'X-DNS-Prefetch-Control': 'off',
    }
    return { status: 200, headers, body: await fs.readFile(file) }
  } catch {
    return notFound
  }
}
