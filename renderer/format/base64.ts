/** Columns are transferred as base64 text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

export function floatsOf(text: string): Float32Array {
  return new Float32Array(bytesOf(text).buffer)
}
