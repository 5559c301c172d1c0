/**
 * V8 flags for the page, which reduce the memory of a page that stays open for days. By default V8 uses 16 MB for
 * young objects, lets the old generation grow to four times the live size before a collection, leaves it fragmented,
 * and compiles and inlines more code than one drawing a second needs. Measured with the V8 of Electron 9
 * (docs/reliability.md). Later versions behave differently and have renamed some of the flags, so they get the first
 * flag only.
 */
const forAll = ['--max-semi-space-size=2']

const forMeasured = [
  // With this, young objects have 1 MB, and the old generation grows little before the next collection.
  '--optimize-for-size',
  '--heap-growing-percent=10',
  '--always-compact',
  '--max-inlined-bytecode-size-cumulative=200',
  '--max-optimized-bytecode-size=8000',
]

/** The value of Chromium's switch `js-flags` for this version of V8. */
export function pageEngineFlags(v8: string): string {
  return (v8.startsWith('8.3.') ? forMeasured : forAll).join(' ')
}
