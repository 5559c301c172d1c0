import { listImageFolder } from '../image-files'
import type { ImagesFormat } from './format'

export const imageFolder: ImagesFormat = {
  id: 'image-folder',
  title: { en: 'Folder of images', zh: '图像文件夹' },
  help: {
    en: 'One subfolder for each class, also below folders named train, val and test. A folder of images alone is a dataset without labels.',
    zh: '每个类别一个子文件夹，也可放在名为 train、val、test 的文件夹之下。只有图像的文件夹是无标签数据集。',
  },
  endings: [],
  holds: 'images',
  matches: (seen) => seen.kind === 'folder',
  list: (path, by) => listImageFolder(path, by),
}
