/** Finds the option that the user most likely meant. */

/**
 * @param {string} text
 * @param {string[]} known at least one
 * @returns {string} the known name with the smallest edit distance
 */
export function nearest(text, known) {
  return known
    .map((name) => ({ name, distance: distance(text, name) }))
    .sort((a, b) => a.distance - b.distance)[0].name
}

/** Levenshtein distance, row by row: letters to insert, remove or replace. */
function distance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++)
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + Number(from[i - 1] !== to[j - 1]))
    row = next
  }
  return row[to.length]
}
