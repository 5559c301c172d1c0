/** All formats that are read, in the order in which they are tried. */
import type { Format } from './format'
import { hdf5 } from './hdf5'
import { idx } from './idx'
import { imageFolder } from './image-folder'
import { matlab } from './matlab'
import { npyFile } from './npy-file'
import { imageList } from './image-list'
import { npyFolder } from './npy-folder'
import { npz } from './npz'
import { tableFile } from './table'

/** A folder of images is tried last: nothing but its being a folder is required of it. */
export const formats: readonly Format[] = [
  npz,
  npyFile,
  matlab,
  hdf5,
  idx,
  npyFolder,
  imageList,
  tableFile,
  imageFolder,
]
