/** The words for training, validation and test samples in the names of arrays, files and folders, in small letters. */

export type SplitWord = 'train' | 'validation' | 'test'

export const splitWords: Readonly<Record<SplitWord, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation', 'dev'],
  test: ['test', 'testing'],
}

export const splitKinds: readonly SplitWord[] = ['train', 'validation', 'test']
