import { listImageFolder } from '../image-files'
import { imageKinds } from '../image-kinds/registry'
import type { ImagesFormat } from './format'

const kinds = imageKinds.map(({ title }) => title)

export const imageFolder: ImagesFormat = {
  id: 'image-folder',
  title: { en: 'Folder of images', zh: '图像文件夹' },
  help: {
    en: `One subfolder for each class, with images: ${kinds.join(', ')}.`,
    zh: `每个类别一个子文件夹，内含图像：${kinds.join('、').replace(/, /g, '、')}。`,
  },
  endings: [],
  holds: 'images',
  matches: (seen) => seen.kind === 'folder',
  list: (path, by) => listImageFolder(path, by),
}
