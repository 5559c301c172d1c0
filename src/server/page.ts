/** The files of the page. They contain no data, so they need no token. */
import { promises as fs } from 'fs'
import { extname, join, relative, sep } from 'path'
import { contentSecurityPolicy, pageTypes } from '../contract/page'

export interface PageFile {
  readonly type: string
  readonly bytes: Buffer
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true })
  const below = entries.map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : Promise.resolve([path])
  })
  return (await Promise.all(below)).flat()
}

/**
 * Reads every file once and maps its URL path to it. A request can reach only the files in this map, so no path from
 * an address is ever opened on disk.
 */
export async function readPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const page = new Map<string, PageFile>()
  for (const path of await filesBelow(folder)) {
    const type = pageTypes[extname(path)]
    if (type === undefined) continue
    page.set(`/${relative(folder, path).split(sep).join('/')}`, { type, bytes: await fs.readFile(path) })
  }
  const index = page.get('/index.html')
  if (index !== undefined) page.set('/', index)
  return page
}

export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
}
