/** The names in a zip archive on the disk, without unpacking anything. */
import { openPromise, type ZipFile } from 'yauzl'

/** Names that are looked at; what an archive is shows in its first ones. */
const maxNames = 20_000

/** An empty archive begins with its end. */
export function isZip(head: Buffer): boolean {
  const magic = head.toString('latin1', 0, 4)
  return magic === 'PK\x03\x04' || magic === 'PK\x05\x06'
}

/** Those that can be read. */
export async function namesInZip(path: string): Promise<string[]> {
  const names: string[] = []
  let zip: ZipFile | null = null
  try {
    zip = await openPromise(path, { autoClose: false, validateEntrySizes: false })
    for await (const entry of zip.eachEntry()) {
      names.push(entry.fileName)
      if (names.length === maxNames) break
    }
  } catch {
    // A damaged archive, or names that cannot be read.
  } finally {
    zip?.close()
  }
  return names
}
