/** Lists the files of a drop, including those in folders, as `Files.bring` takes them. */
import type { BroughtFile } from './client'

function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  // `readEntries` returns at most 100 entries per call, and an empty list at the end.
  return new Promise((resolve, reject) => {
    const next = () =>
      reader.readEntries((some) => {
        if (some.length === 0) return resolve(all)
        all.push(...some)
        next()
      }, reject)
    next()
  })
}

async function filesOf(entry: FileSystemEntry, folder: string): Promise<BroughtFile[]> {
  const name = folder + entry.name
  if (entry.isDirectory) {
    const inside = await entriesOf(entry as FileSystemDirectoryEntry)
    return (await Promise.all(inside.map((item) => filesOf(item, `${name}/`)))).flat()
  }
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  )
  return [{ file, name }]
}

/** Empty if nothing dropped is a file, as for selected text. */
export async function droppedFiles(transfer: DataTransfer): Promise<BroughtFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat()
}
