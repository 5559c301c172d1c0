/**
 * The share of the gap to target-supervised that a method closes: (method - source-only) / (target-supervised -
 * source-only), all with the same encoder and split. Null if one accuracy is missing or there is no gap.
 */
export function gapClosed(
  plain: number | null,
  adapted: number | null,
  reference: number | null,
): number | null {
  if (plain === null || adapted === null || reference === null || reference === plain) return null
  return (adapted - plain) / (reference - plain)
}
