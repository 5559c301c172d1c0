import { extname } from 'path'
import { readNpz } from '../array-dataset'
import type { SamplesFormat } from './format'

export const npz: SamplesFormat = {
  id: 'npz',
  title: { en: 'NumPy archive (NPZ)', zh: 'NumPy 归档（NPZ）' },
  help: {
    en: 'Arrays of images or feature vectors, with labels if there are any.',
    zh: '图像或特征向量的数组，可带标签。',
  },
  endings: ['npz'],
  holds: 'samples',
  matches: (seen) => seen.kind === 'file' && extname(seen.path).toLowerCase() === '.npz',
  read: async (path) => ({ samples: await readNpz(path), classNames: null, notes: [] }),
}
