/**
 * What the page's V8 is told. A page that is open for days keeps less that it could let go of: left to itself, V8 takes
 * 16 MB for young objects and four times what is in use before it collects the old ones, leaves holes between those, and
 * compiles what is large, or inlined, to more than one drawing a second is worth. Measured with the V8 of Electron 9
 * (docs/reliability.md) and told to that one alone: others have other habits, and other names for these.
 */
const measuredMajor = '8.'

const measured = [
  '--optimize-for-size',
  '--heap-growing-percent=10',
  '--always-compact',
  '--max-inlined-bytecode-size-cumulative=200',
  '--max-optimized-bytecode-size=8000',
]

/** The value of Chromium's switch `js-flags`; empty where nothing is told. */
export function pageEngineFlags(v8: string): string {
  return v8.startsWith(measuredMajor) ? measured.join(' ') : ''
}
