import type { NoteSentences } from './note-sentences'

export const notesEn = {
  'folder-entered': 'All images lie in “{folder}”, so the dataset is what that folder holds.',
  'splits-taken': 'Training samples come from {training}, held-out test samples from {test}.',
  'images-nested':
    'One image lies in a folder inside its class folder and belongs to that class: {names}. | {count} images lie in folders inside their class folders and belong to those classes: {names}.',
  'images-beside-classes':
    'One image lies beside the class folders and was left out: {names}. | {count} images lie beside the class folders and were left out: {names}.',
  'folders-without-images':
    'One folder without images was passed over: {names}. | {count} folders without images were passed over: {names}.',
  'files-passed-over':
    'One file that is not named like an image was passed over: {names}. | {count} files that are not named like images were passed over: {names}.',
  'links-followed':
    'One link that leads out of the folder was followed: {names}. | {count} links that lead out of the folder were followed: {names}.',
  'list-root-taken': 'The paths in the list start from the folder {folder}.',
  'names-from-folders':
    'The list numbers one class; its name is taken from its folder. | The list numbers {count} classes; their names are taken from their folders.',
  'files-skipped':
    'One file was skipped ({reason}): {names}. | {count} files were skipped ({reason}): {names}.',
} as const satisfies NoteSentences

/** Words for parameters that are terms of the lab: `parameter:value` and its text. */
export const noteWordsEn = {
  'reason:undecodable': 'cannot be decoded',
} as const
