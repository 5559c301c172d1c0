/** Significance at the usual 5 % level. */
export const isMoreThanChance = (p: number): boolean => p < 0.05
