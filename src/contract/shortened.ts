/** Text from a file or a user may have any length; a message shows its beginning. */

/** The first `max` UTF-16 units of `text`, followed by an ellipsis if there are more. */
export function shortened(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text
}
