import { withCompanion } from '../arrays/companion'
import { isHdf5, openHdf5 } from '../codecs/hdf5'
import { readWhole } from '../file'
import type { ArraysFormat } from './format'

export const hdf5: ArraysFormat = {
  id: 'hdf5',
  title: { en: 'HDF5 file, MATLAB 7.3', zh: 'HDF5 文件、MATLAB 7.3' },
  help: {
    en: 'Datasets of numbers or text, in groups or not; a dataset in a group is named by its path, such as train/data. Packed with gzip or not.',
    zh: '数值或文本数据集，可在组内；组内的数据集以路径命名，例如 train/data。可用 gzip 压缩。',
  },
  endings: ['h5', 'hdf5', 'mat'],
  holds: 'arrays',
  matches: (seen) => seen.kind === 'file' && isHdf5(seen.head),
  open: (path, { reading }) =>
    withCompanion(path, async (file) => {
      reading?.(file)
      return openHdf5(file, await readWhole(file))
    }),
}
