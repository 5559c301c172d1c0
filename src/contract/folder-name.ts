/** Names that can be the name of a folder on every system. */

const signs = /[<>:"/\\|?*]/u
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u
/** Hidden folders begin with a dot; Windows drops a space or dot at the end. */
const badEnds = /^[\s.]|[\s.]$/u
/** Windows device names. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
/** In UTF-8; systems allow 255. */
const maxBytes = 200

export function isFolderName(name: string): boolean {
  return (
    name !== '' &&
    new TextEncoder().encode(name).length <= maxBytes &&
    ![signs, invisible, badEnds, reserved].some((rule) => rule.test(name))
  )
}
