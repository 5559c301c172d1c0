/** The value of an option in an unparsed command line, which may be invalid; if repeated, the last value. */
export function optionIn(argv: readonly string[], option: string): string | undefined {
  const values = argv.flatMap((word, at) => {
    if (word === option) return argv.slice(at + 1, at + 2)
    return word.startsWith(`${option}=`) ? [word.slice(option.length + 1)] : []
  })
  return values[values.length - 1]
}
