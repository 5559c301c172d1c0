import type { NoteSentences } from './note-sentences'

export const notesEn = {
  'files-skipped':
    'One file was skipped, {reason}: {names}. | {count} files were skipped, {reason}: {names}.',
  'idx-files-taken':
    'Read as one dataset: {names} (1 file). | Read as one dataset: {names} ({count} files in all).',
  'images-transposed':
    '{set} stores its images with rows and columns exchanged, as EMNIST does; they were turned upright.',
  'label-column-first': '{file} has {columns} columns, as in QMNIST; the first one was taken as the label.',
  'labels-mapped': 'The classes are named after {file}.',
  'text-decoded': 'The text was read as {encoding}.',
  'header-none':
    'The table has no header: its first row was read as values, and its {columns} columns are named by their numbers.',
  'header-numbered': 'The first row counts the {columns} columns and was read as a header.',
  'label-column-taken': 'The column "{column}" was taken as the label.',
  'columns-dropped':
    'One column was left out by its name: {names}. | {count} columns were left out by their names: {names}.',
  'pixel-columns': '{columns} columns were read as the pixels of images, {height} rows by {width}.',
  'decimal-comma': 'Values are separated by {separator}, and commas were read as decimal points.',
} as const satisfies NoteSentences

/** Words for parameters that are terms of the lab: `parameter:value` and its text. */
export const noteWordsEn = {
  'reason:undecodable': 'as not decodable',
  'separator:;': 'semicolons',
  'separator:tab': 'tabs',
  'separator:,': 'commas',
} as const
