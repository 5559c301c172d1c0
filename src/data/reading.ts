/** Called with each file or folder before it is read, and with null when reading has finished. */
export type Reading = (path: string | null) => void
