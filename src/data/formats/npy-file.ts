import { extname } from 'path'
import { withCompanion } from '../arrays/companion'
import { openNpyFile } from '../arrays/npy-files'
import type { ArraysFormat } from './format'

export const npyFile: ArraysFormat = {
  id: 'npy-file',
  title: { en: 'NumPy array (NPY)', zh: 'NumPy 数组（NPY）' },
  help: {
    en: 'One array of images or vectors, with its labels in a file beside it (images.npy and labels.npy, x.npy and y.npy) or without.',
    zh: '一个图像或向量数组；标签可在旁边的文件中（images.npy 与 labels.npy，x.npy 与 y.npy），也可没有。',
  },
  endings: ['npy'],
  holds: 'arrays',
  matches: (seen) =>
    seen.kind === 'file' &&
    (seen.head.toString('latin1', 0, 6) === '\x93NUMPY' || extname(seen.path).toLowerCase() === '.npy'),
  open: (path) => withCompanion(path, openNpyFile),
}
