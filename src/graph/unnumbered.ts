/**
 * Operations whose nodes are not numbered with the others of their step. TensorFlow's optimiser orders some sums by the
 * names of nodes, which contain their numbers: if a batch took more operations, all results after it would be rounded
 * differently. What only prepares a batch is therefore recorded apart.
 */
let depth = 0

/** Runs `f`; a tape names the nodes of its operations apart. */
export function unnumbered<T>(f: () => T): T {
  depth += 1
  try {
    return f()
  } finally {
    depth -= 1
  }
}

export const isUnnumbered = (): boolean => depth > 0
