import { headersOf } from '../image-files'
import { looksLikeList, readList } from '../images/image-list'
import type { ImagesFormat } from './format'

export const imageList: ImagesFormat = {
  id: 'image-list',
  title: { en: 'Image list', zh: '图像列表' },
  help: {
    en: 'A text file with the path of an image and its label on each line, as TLLib has them. The paths start from the folder of the list, the one above it, or one that you name.',
    zh: '文本文件，每行是一张图像的路径和标签，与 TLLib 的列表相同。路径从列表所在文件夹、其上一级或您指定的文件夹开始。',
  },
  endings: ['txt', 'csv', 'tsv', 'lst'],
  holds: 'images',
  matches: (seen) => seen.kind === 'file' && looksLikeList(seen.head),
  arrange: readList,
  list: async (path, by) => headersOf(path, await readList(path, by), by),
}
