import type { NoteSentences } from './note-sentences'

export const notesEn = {
  'files-skipped':
    'One file was skipped, {reason}: {names}. | {count} files were skipped, {reason}: {names}.',
} as const satisfies NoteSentences

/** Words for parameters that are terms of the lab: `parameter:value` and its text. */
export const noteWordsEn = {
  'reason:undecodable': 'as not decodable',
} as const
