/**
 * What the page's V8 is told: a page that is open for days keeps less that it could let go of. Left to itself, V8 takes
 * 16 MB for young objects and up to four times what is in use before it collects the old ones, leaves holes between those,
 * and compiles what is large, or inlined, to more than one drawing a second is worth. Measured with the V8 of Electron 9
 * (docs/reliability.md); later ones have other habits, and other names for some of these, and are told the first alone.
 */
const forAll = ['--max-semi-space-size=2']

const forMeasured = [
  // Young objects have 1 MB then, and little more than is in use may be old before the next collection.
  '--optimize-for-size',
  '--heap-growing-percent=10',
  '--always-compact',
  '--max-inlined-bytecode-size-cumulative=200',
  '--max-optimized-bytecode-size=8000',
]

/** The value of Chromium's switch `js-flags`, for a V8 of this version. */
export function pageEngineFlags(v8: string): string {
  return (v8.startsWith('8.3.') ? forMeasured : forAll).join(' ')
}
