/** All formats that are read, in the order in which they are tried. */
import type { Format } from './format'
import { idx } from './idx'
import { imageFolder } from './image-folder'
import { npyFile } from './npy-file'
import { imageList } from './image-list'
import { npyFolder } from './npy-folder'
import { npz } from './npz'

/** A folder of images is tried last: nothing but its being a folder is required of it. */
export const formats: readonly Format[] = [npz, npyFile, idx, npyFolder, imageList, imageFolder]
