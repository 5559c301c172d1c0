/** The order of names of classes and files: numbers in them by value. */
const byNumber = new Intl.Collator('en', { numeric: true })

export const compareNames = (a: string, b: string): number => byNumber.compare(a, b) || (a < b ? -1 : 1)
