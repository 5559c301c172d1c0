/** Counts what was done to the images of a folder, and says it in notes. */
import { type Note, note, type SkipReason } from '../contract/note'
import { inWords } from '../files/free-space'
import type { ImageFiles } from './image-files'
import { mostTogether } from './image-header'
import { memoryFor, type Photo } from './photo'
import type { Skipped } from './skipped'

export interface ImageTally {
  add(photo: Photo): void
  skip(skipped: Skipped): void
  end(): {
    /** Number of images that were made smaller. */
    readonly reduced: number
    readonly notes: Note[]
  }
}

const reasons: readonly SkipReason[] = ['undecodable', 'kind-unread', 'too-large']

function notesOfSkipped(skipped: readonly Skipped[]): Note[] {
  return reasons.flatMap((reason) => {
    const names = skipped.filter((one) => one.reason === reason).map(({ file }) => file)
    return names.length === 0 ? [] : [note('files-skipped', { count: names.length, reason, names })]
  })
}

/** What is known before an image is decoded. */
function notesOfLarge({ files }: ImageFiles): Note[] {
  const sizes = files.map(({ size }) => size)
  const large = sizes.filter(({ width, height }) => width * height > mostTogether)
  if (large.length === 0) return []
  const memory = inWords(large.reduce((most, size) => Math.max(most, memoryFor(size)), 0))
  return [note('images-large', { count: large.length, megapixels: mostTogether / 1e6, memory })]
}

export function imageTally(files: ImageFiles): ImageTally {
  const skipped = [...files.skipped]
  const counts = { reduced: 0, turned: 0, deep: 0, onWhite: 0 }
  return {
    add({ isReduced, isTurned, isDeep, isOnWhite }) {
      counts.reduced += Number(isReduced)
      counts.turned += Number(isTurned)
      counts.deep += Number(isDeep)
      counts.onWhite += Number(isOnWhite)
    },
    skip: (one) => void skipped.push(one),
    end() {
      const { reduced, turned, deep, onWhite } = counts
      const notes = [
        ...files.notes,
        ...notesOfSkipped(skipped),
        ...(turned > 0 ? [note('images-turned', { count: turned })] : []),
        ...(deep > 0 ? [note('images-deep', { count: deep })] : []),
        ...(onWhite > 0 ? [note('images-on-white', { count: onWhite })] : []),
        ...notesOfLarge(files),
      ]
      return { reduced, notes }
    },
  }
}
