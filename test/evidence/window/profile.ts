/** Profiles the page's main thread with Chromium's CPU profiler and sums the time by function. */
import { writeFileSync } from 'fs'
import type { Page } from 'playwright-core'

interface Node {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}

interface Profile {
  readonly nodes: readonly Node[]
  readonly samples?: readonly number[]
  readonly timeDeltas?: readonly number[]
}

/** @param file path of the profile, to be opened in Chromium's developer tools; null for none */
export async function profiled<T>(page: Page, file: string | null, action: () => Promise<T>): Promise<T> {
  if (file === null) return action()
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.start')
  const done = await action()
  const { profile } = (await session.send('Profiler.stop')) as { profile: Profile }
  writeFileSync(file, JSON.stringify(profile))
  process.stderr.write(`${ownTimes(profile).join('\n')}\n`)
  await session.detach()
  return done
}

/** The functions with the largest self time. */
function ownTimes({ nodes, samples = [], timeDeltas = [] }: Profile): string[] {
  const nameOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').pop() ?? ''}:${lineNumber}`,
    ]),
  )
  const times = new Map<string, number>()
  samples.forEach((id, i) => {
    const name = nameOf.get(id) ?? '?'
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[i] ?? 0) / 1000)
  })
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 30)
    .map(([name, ms]) => `${ms.toFixed(0).padStart(8)} ms  ${name}`)
}
