import { holdsIdx, readIdxFolder } from '../codecs/idx-folder'
import type { SamplesFormat } from './format'

export const idx: SamplesFormat = {
  id: 'idx',
  title: { en: 'Folder of IDX files', zh: 'IDX 文件夹' },
  help: {
    en: "MNIST's own format: images and labels in two files, and the same for test images.",
    zh: 'MNIST 自己的格式：图像与标签各一个文件，测试图像同样。',
  },
  endings: ['idx', 'idx3-ubyte', 'idx1-ubyte', 'gz'],
  holds: 'samples',
  matches: (seen) => seen.kind === 'folder' && holdsIdx(seen.names),
  read: async (path) => ({ samples: await readIdxFolder(path), classNames: null, notes: [] }),
}
