import { holdsNpy, openNpyFolder } from '../arrays/npy-files'
import type { ArraysFormat } from './format'

export const npyFolder: ArraysFormat = {
  id: 'npy-folder',
  title: { en: 'Folder of NumPy arrays (NPY)', zh: 'NumPy 数组文件夹（NPY）' },
  help: {
    en: 'The arrays of an NPZ, each in a file of its own.',
    zh: '与 NPZ 相同的数组，各存为一个文件。',
  },
  endings: ['npy'],
  holds: 'arrays',
  matches: (seen) => seen.kind === 'folder' && holdsNpy(seen.names),
  open: (path) => openNpyFolder(path),
}
