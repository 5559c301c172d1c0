/**
 * Copies text to the clipboard. The window grants no permissions, and `navigator.clipboard` needs one; this older way
 * works without, as part of a click.
 */
export function copyText(text: string): boolean {
  const write = (event: ClipboardEvent): void => {
    event.preventDefault()
    event.clipboardData?.setData('text/plain', text)
  }
  document.addEventListener('copy', write, { once: true })
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const copied = document.execCommand('copy')
  document.removeEventListener('copy', write)
  return copied
}
