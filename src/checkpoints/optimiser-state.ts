/** Optimiser state in a checkpoint: named after the weight that it belongs to, with a prefix. */
export const optimiserPrefix = 'optimiser.'

export const isOptimiserState = ({ name }: { readonly name: string }): boolean =>
  name.startsWith(optimiserPrefix)
