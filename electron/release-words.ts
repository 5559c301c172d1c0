/**
 * The command-line arguments that a release passes on to Chromium and Node: files, and options about the screen. Other
 * options could give other programs access (`--remote-debugging-port`), run code (`--inspect`, `--gpu-launcher`) or
 * disable the sandbox, and an argument may come from a file name (`*` in a shell).
 */

const aboutTheScreen: readonly string[] = [
  'disable-gpu',
  'force-device-scale-factor',
  'lang',
  'ozone-platform',
  'ozone-platform-hint',
]

/**
 * @param words the command-line arguments, without the program's own path
 * @param own options that the program's launcher adds
 * @returns the arguments without ignored options; after `--` no argument is an option
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

/**
 * The option that Chromium reads from an argument, with one or two hyphens, on Windows also with a slash; null if
 * none.
 */
function optionIn(word: string, platform: NodeJS.Platform): string | null {
  const option = (platform === 'win32' ? /^(?:--?|\/)([^=]*)/ : /^--?([^=]*)/).exec(word)
  return option?.[1] ?? null
}
