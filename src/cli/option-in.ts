/** What an option is given in a command line that is not parsed yet, or cannot be; of several, the last counts. */
export function optionIn(argv: readonly string[], option: string): string | undefined {
  const values = argv.flatMap((word, at) => {
    if (word === option) return argv.slice(at + 1, at + 2)
    return word.startsWith(`${option}=`) ? [word.slice(option.length + 1)] : []
  })
  return values[values.length - 1]
}
