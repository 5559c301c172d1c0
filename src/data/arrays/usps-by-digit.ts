/**
 * USPS as it has been passed on since Roweis' page of data: `usps_all.mat`, one array of bytes `[256, n, 10]` without
 * labels. Axes: the pixels of a 16 × 16 image column by column, as MATLAB's `reshape(x, 16, 16)` puts them upright; the
 * samples; the digits 1, 2 ... 9, 0.
 */
import { note } from '../../contract/note'
import { isText, type ArrayEntry, type ArrayFile, type Numbers } from './array-file'
import { inOrder } from './axes'

const side = 16
const digits = 10
const labels = 'labels'

function soleArray({ entries }: ArrayFile): ArrayEntry | null {
  const [only] = entries
  if (entries.length !== 1 || only === undefined || only.type !== 'uint8') return null
  const [pixels, , classes] = only.shape
  return only.shape.length === 3 && pixels === side * side && classes === digits ? only : null
}

/** `[n · 10, 16, 16]`, digit after digit. */
function uprightImages(values: Numbers, samples: number): Numbers {
  const column = side * samples * digits
  return inOrder(
    values,
    [digits, samples, side, side],
    // The value of pixel (row, column) of a sample of a digit lies at ((row + 16 column) n + sample) 10 + digit.
    [1, digits, samples * digits, column],
  )
}

const digitLabels = (samples: number): Uint8Array =>
  Uint8Array.from({ length: samples * digits }, (_, index) => (Math.floor(index / samples) + 1) % digits)

/** The file with its images and the labels that their place says; null if it is no such file. */
export function uspsByDigit(arrays: ArrayFile): ArrayFile | null {
  const found = soleArray(arrays)
  if (found === null) return null
  const { name, type, shape } = found
  const [, samples = 0] = shape
  const count = samples * digits
  return {
    file: arrays.file,
    entries: [
      { name, type, shape: [count, side, side] },
      { name: labels, type: 'uint8', shape: [count] },
    ],
    roles: { samples: name, labels },
    notes: [...(arrays.notes ?? []), note('usps-by-digit', { array: name, samples })],
    async read(asked) {
      if (asked === labels)
        return { name: labels, type: 'uint8', shape: [count], values: digitLabels(samples) }
      const array = await arrays.read(name)
      if (isText(array)) throw new Error(`${name} is no array of numbers`)
      return { name, type, shape: [count, side, side], values: uprightImages(array.values, samples) }
    },
  }
}
