/** Whether to run the long form of tests that have one; set by `npm run long`. */
export const isLong = process.env.DALAB_LONG === '1'
