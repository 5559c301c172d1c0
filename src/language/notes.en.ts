import type { NoteSentences } from './note-sentences'

export const notesEn = {
  'files-skipped':
    'One file was skipped, {reason}: {names}. | {count} files were skipped, {reason}: {names}.',
  'images-turned':
    'One image was turned as its EXIF orientation says. | {count} images were turned as their EXIF orientation says.',
  'images-deep':
    'One image has more than 8 bits a channel; the upper 8 bits were kept. | {count} images have more than 8 bits a channel; the upper 8 bits were kept.',
  'images-on-white':
    'One image has transparent parts, which were laid on white. | {count} images have transparent parts, which were laid on white.',
  'images-large':
    'One image is over {megapixels} megapixels; decoding it takes about {memory} of memory. | {count} images are over {megapixels} megapixels; they are decoded one at a time, and the largest takes about {memory} of memory.',
} as const satisfies NoteSentences

/** Words for parameters that are terms of the lab: `parameter:value` and its text. */
export const noteWordsEn = {
  'reason:undecodable': 'as not decodable',
  'reason:kind-unread': 'as files of a kind that is not read',
  'reason:too-large': 'as too large',
} as const
