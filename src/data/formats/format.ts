/**
 * A format in which people have their data: how it is recognised and read, and what the import says of it. Each is
 * declared in a file of its own and listed once, in registry.ts.
 */
import type { Wording } from '../../contract/parameter'
import type { ArrayFile } from '../arrays/array-file'
import type { SampleTable } from '../dataset'
import type { ImageFiles } from '../image-files'
import type { Note } from '../../contract/note'
import type { Arrangement } from '../images/arrangement'
import type { ReadingOptions } from '../reading'
import type { Glimpse } from './glimpse'

interface FormatFacts {
  readonly id: string
  readonly title: Wording
  /** What a file or folder of this format holds, in one or two sentences. */
  readonly help: Wording
  /** Usual endings of its files without the dot, for the dialog that chooses a file. The content decides. */
  readonly endings: readonly string[]
  matches(seen: Glimpse): boolean | Promise<boolean>
}

/** Samples with the names of their classes. */
export interface NamedSamples {
  readonly samples: SampleTable
  readonly classNames: string[]
  readonly notes: Note[]
}

/** A format of image files. */
export interface ImagesFormat extends FormatFacts {
  readonly holds: 'images'
  /** The files in order; none of them is opened. */
  arrange(path: string, by: ReadingOptions): Promise<Arrangement>
  /** The same files with the header of each. */
  list(path: string, by: ReadingOptions): Promise<ImageFiles>
}

/** A format of arrays, in which arrays/ finds samples and labels. */
export interface ArraysFormat extends FormatFacts {
  readonly holds: 'arrays'
  open(path: string, by: ReadingOptions): Promise<ArrayFile>
}

export type Format = ImagesFormat | ArraysFormat
