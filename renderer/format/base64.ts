/** Columns are transferred as base64 text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** In pieces: a call with a hundred thousand arguments would exceed the stack. */
export function base64Of(bytes: Uint8Array): string {
  const piece = 8192
  let binary = ''
  for (let from = 0; from < bytes.length; from += piece)
    binary += String.fromCharCode(...bytes.subarray(from, from + piece))
  return btoa(binary)
}

export function floatsOf(text: string): Float32Array {
  return new Float32Array(bytesOf(text).buffer)
}
