import { listImageFolder } from '../image-files'
import type { ImagesFormat } from './format'

export const imageFolder: ImagesFormat = {
  id: 'image-folder',
  title: { en: 'Folder of images', zh: '图像文件夹' },
  help: {
    en: 'One subfolder for each class, with PNG, JPEG, BMP or GIF images.',
    zh: '每个类别一个子文件夹，内含 PNG、JPEG、BMP 或 GIF 图像。',
  },
  endings: [],
  holds: 'images',
  matches: (seen) => seen.kind === 'folder',
  list: (path, by) => listImageFolder(path, by),
}
