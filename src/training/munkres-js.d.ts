/** The package has no types of its own. */
declare module 'munkres-js' {
  /** For a square matrix of costs, the cheapest assignment as [row, column] pairs, in the order of rows. */
  export default function munkres(costs: readonly (readonly number[])[]): [row: number, column: number][]
}
