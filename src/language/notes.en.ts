import type { NoteSentences } from './note-sentences'

export const notesEn = {
  'files-skipped':
    'One file was skipped, {reason}: {names}. | {count} files were skipped, {reason}: {names}.',
  'tensors-passed-over':
    'One tensor that no network needs was passed over: {names}. | {count} tensors that no network needs were passed over, such as {names}.',
  'prefixes-removed': 'The prefixes {names} were removed from the names of tensors.',
} as const satisfies NoteSentences

/** Words for parameters that are terms of the lab: `parameter:value` and its text. */
export const noteWordsEn = {
  'reason:undecodable': 'as not decodable',
} as const
