/** What is called more than chance: the usual 5 %. */
export const isMoreThanChance = (p: number): boolean => p < 0.05
