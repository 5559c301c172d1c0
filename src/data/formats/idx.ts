import { holdsIdx, isIdxFile, openIdx } from '../codecs/idx-folder'
import type { ArraysFormat } from './format'

export const idx: ArraysFormat = {
  id: 'idx',
  title: { en: 'IDX files', zh: 'IDX 文件' },
  help: {
    en: "MNIST's own format: images and labels in two files of a folder, and the same for test images, packed with gzip or not. Values of any type; EMNIST's images are turned upright, and of several datasets in a folder one is chosen.",
    zh: 'MNIST 自己的格式：文件夹中图像与标签各一个文件，测试图像同样，可用 gzip 压缩。数值可为任意类型；EMNIST 的图像会转正；文件夹含多个数据集时选择其中一个。',
  },
  endings: ['idx', 'idx3-ubyte', 'idx1-ubyte', 'gz'],
  holds: 'arrays',
  matches: (seen) =>
    seen.kind === 'folder' ? holdsIdx(seen.path, seen.names) : isIdxFile(seen.path, seen.head),
  open: openIdx,
}
