import { extname } from 'path'
import { labError } from '../../contract/errors'
import type { ArrayFile } from '../arrays/array-file'
import { withCompanion } from '../arrays/companion'
import { npzArrays } from '../arrays/npz-file'
import { isZip, namesInZip } from '../codecs/zip-names'
import { readWhole } from '../file'
import type { ArraysFormat } from './format'
import { glimpseOf } from './glimpse'
import { unreadFormatOf } from './unread-format'

/** Throws `format-named-unread` for another known format under this ending. */
async function open(path: string): Promise<ArrayFile> {
  const bytes = await readWhole(path)
  const isArchive = isZip(bytes)
  const arrays = isArchive ? await npzArrays(bytes, path) : null
  if (arrays !== null && arrays.entries.length > 0) return arrays
  const kind = await unreadFormatOf(await glimpseOf(path))
  throw kind === null
    ? labError('npz-damaged', { file: path })
    : labError('format-named-unread', { file: path, kind })
}

export const npz: ArraysFormat = {
  id: 'npz',
  title: { en: 'NumPy archive (NPZ)', zh: 'NumPy 归档（NPZ）' },
  help: {
    en: 'Arrays of images or feature vectors, with labels if there are any, under the names that people use.',
    zh: '图像或特征向量的数组，可带标签，使用常见的数组名。',
  },
  endings: ['npz'],
  holds: 'arrays',
  async matches(seen) {
    if (seen.kind !== 'file') return false
    if (extname(seen.path).toLowerCase() === '.npz') return true
    return isZip(seen.head) && (await namesInZip(seen.path)).some((name) => name.endsWith('.npy'))
  },
  open: (path) => withCompanion(path, open),
}
