import { extname } from 'path'
import { labError } from '../../contract/errors'
import { uspsByDigit } from '../arrays/usps-by-digit'
import { isMatlab, isOldMatlab, openMatlab } from '../codecs/matlab'
import { readWhole } from '../file'
import type { ArraysFormat } from './format'

/** Files of version 4 have no mark of their own, so that the ending has to say what they are. */
const isNamed = (path: string): boolean => extname(path).toLowerCase() === '.mat'

export const matlab: ArraysFormat = {
  id: 'matlab',
  title: { en: 'MATLAB file (MAT)', zh: 'MATLAB 文件（MAT）' },
  help: {
    en: 'Arrays of numbers, text and logical values, saved by MATLAB from version 5 on, with "-v7.3" too. Structs, tables and sparse matrices are not read.',
    zh: 'MATLAB 第 5 版以来保存的数值、文本与逻辑数组，包括“-v7.3”。不读取结构体、表与稀疏矩阵。',
  },
  endings: ['mat'],
  holds: 'arrays',
  matches: ({ kind, path, ...seen }) =>
    kind === 'file' && 'head' in seen && (isMatlab(seen.head) || (isNamed(path) && isOldMatlab(seen.head))),
  async open(path, { choices, reading }) {
    reading?.(path)
    const bytes = await readWhole(path)
    if (!isMatlab(bytes)) throw labError('matlab-version-4', { file: path })
    const arrays = await openMatlab(path, bytes)
    const isChosen = choices.layout !== null || choices.arrays.images !== null
    return (isChosen ? null : uspsByDigit(arrays)) ?? arrays
  },
}
