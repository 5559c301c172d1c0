import { arrangeFolder, headersOf } from '../image-files'
import { imageKinds } from '../image-kinds/registry'
import type { ImagesFormat } from './format'

const kinds = imageKinds.map(({ title }) => title)

export const imageFolder: ImagesFormat = {
  id: 'image-folder',
  title: { en: 'Folder of images', zh: '图像文件夹' },
  help: {
    en: `One subfolder for each class, also below folders named train, val and test. A folder of images alone is a dataset without labels. Images: ${kinds.join(', ')}.`,
    zh: `每个类别一个子文件夹，也可放在名为 train、val、test 的文件夹之下。只有图像的文件夹是无标签数据集。图像：${kinds.join('、').replace(/, /g, '、')}。`,
  },
  endings: [],
  holds: 'images',
  matches: (seen) => seen.kind === 'folder',
  arrange: arrangeFolder,
  list: async (path, by) => headersOf(path, await arrangeFolder(path, by), by),
}
