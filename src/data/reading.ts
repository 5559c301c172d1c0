/** Hears of each file or folder before it is read, and of null once what was read is at hand. */
export type Reading = (path: string | null) => void
