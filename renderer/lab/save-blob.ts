/** Saves bytes as a file through the browser's download, in a browser and in Electron. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download keeps the bytes itself once it has started.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
