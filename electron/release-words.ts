/**
 * What a release lets Chromium and Node see of its command line: files, and options about the screen alone. Others would
 * open the program to its neighbours (`--remote-debugging-port`), run code in it (`--inspect`, `--gpu-launcher`) or take
 * its sandbox away, and a word may come from a file's name (`*` in a shell).
 */

const aboutTheScreen: readonly string[] = [
  'disable-gpu',
  'force-device-scale-factor',
  'lang',
  'ozone-platform',
  'ozone-platform-hint',
]

/**
 * @param words of the command line, the program's own left out
 * @param own options that the launcher of the program adds
 * @returns the words but for options that are not to be heeded; after `--` nothing is an option
 */
export function wordsToHeed(
  words: readonly string[],
  own: readonly string[] = [],
  platform: NodeJS.Platform = process.platform,
): string[] {
  const end = words.indexOf('--')
  const before = end === -1 ? words : words.slice(0, end)
  const heeded = before.filter((word) => {
    const name = optionIn(word, platform)
    return name === null || aboutTheScreen.includes(name) || own.includes(name)
  })
  return [...heeded, ...words.slice(before.length)]
}

/** The name of the option that Chromium reads in a word, with one hyphen or two, on Windows also with a slash. */
function optionIn(word: string, platform: NodeJS.Platform): string | null {
  const option = (platform === 'win32' ? /^(?:--?|\/)([^=]*)/ : /^--?([^=]*)/).exec(word)
  return option?.[1] ?? null
}
