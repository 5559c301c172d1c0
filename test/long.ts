/** Whether the long forms are asked for: `npm run long` sets this for the tests that have one. */
export const isLong = process.env.DALAB_LONG === '1'
