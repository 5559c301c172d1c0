import type { NoteSentences } from './note-sentences'

export const notesEn = {
  'folder-entered': 'All images lie in “{folder}”, so the dataset is what that folder holds.',
  'splits-taken': 'Training samples come from {training}, held-out test samples from {test}.',
  'images-nested':
    'One image lies in a folder inside its class folder and belongs to that class: {names}. | {count} images lie in folders inside their class folders and belong to those classes: {names}.',
  'images-beside-classes':
    'One image lies beside the class folders and was left out: {names}. | {count} images lie beside the class folders and were left out: {names}.',
  'folders-without-images':
    'One folder without images was passed over: {names}. | {count} folders without images were passed over: {names}.',
  'files-passed-over':
    'One file that is not named like an image was passed over: {names}. | {count} files that are not named like images were passed over: {names}.',
  'links-followed':
    'One link that leads out of the folder was followed: {names}. | {count} links that lead out of the folder were followed: {names}.',
  'list-root-taken': 'The paths in the list start from the folder {folder}.',
  'names-from-folders':
    'The list numbers one class; its name is taken from its folder. | The list numbers {count} classes; their names are taken from their folders.',
  'files-skipped':
    'One file was skipped ({reason}): {names}. | {count} files were skipped ({reason}): {names}.',
  'idx-files-taken':
    'Read as one dataset: {names} (1 file). | Read as one dataset: {names} ({count} files in all).',
  'images-transposed':
    '{set} stores its images with rows and columns exchanged, as EMNIST does; they were turned upright.',
  'label-column-first': '{file} has {columns} columns, as in QMNIST; the first one was taken as the label.',
  'letters-numbered':
    'The labels are numbers that stand for the letters from A on; with {file} beside them, the classes are named after the letters.',
  'labels-mapped': 'The classes are named after {file}.',
  'text-decoded': 'The text was read as {encoding}.',
  'header-none':
    'The table has no header: its first row was read as values, and its {columns} columns are named by their numbers.',
  'header-numbered': 'The first row counts the {columns} columns and was read as a header.',
  'label-column-taken': 'The column "{column}" was taken as the label.',
  'columns-dropped':
    'One column was left out by its name: {names}. | {count} columns were left out by their names: {names}.',
  'pixel-columns': '{columns} columns were read as the pixels of images, {height} rows by {width}.',
  'decimal-comma': 'Values are separated by {separator}, and commas were read as decimal points.',
  'arrays-taken': 'The arrays were taken by their names: {roles}.',
  'arrays-passed-over': 'One array was not read: {names}. | {count} arrays were not read: {names}.',
  'files-joined': '{file} and {joined} lie side by side and were read as one dataset.',
  'file-not-joined':
    '{joined} lies beside {file}, but does not hold as many labels as that holds samples; it was not read.',
  'validation-joined':
    'One validation sample ("{array}") joined the training samples, as there are test samples. | {count} validation samples ("{array}") joined the training samples, as there are test samples.',
  'validation-as-test':
    'One validation sample ("{array}") became the test sample, as there is no other. | {count} validation samples ("{array}") became the test samples, as there are no others.',
  'layout-taken': 'The array "{array}" of shape {shape} was read as {layout}.',
  'rows-may-be-images':
    'By their length, the rows of "{array}" may be square images; if they are, choose that layout, one of: {options}.',
  'alpha-on-white': 'The opacity in "{array}" was applied: what is transparent was drawn on white.',
  'range-taken': 'The values of "{array}" ({type}) were read as {range}.',
  'range-clipped':
    'One value of "{array}" lay outside its range ({least} to {most} found) and was set to its end. | {count} values of "{array}" lay outside its range ({least} to {most} found) and were set to its ends.',
  'range-unused':
    'The brightest value of "{array}" is {brightest} of {full}; if that should be white, choose to stretch the range.',
  'range-stretched': 'The range of "{array}", {least} to {most}, was stretched from black to white.',
  'labels-one-hot': 'The labels "{array}" are one-hot rows of {classes} classes.',
  'labels-unknown':
    'One label in "{array}" says that the class is not known. | {count} labels in "{array}" say that the class is not known.',
  'labels-missing': 'There are no labels for "{array}"; its classes are not known.',
  'usps-by-digit':
    'The array "{array}" was read as in usps_all.mat: pixels of 16 × 16 images column by column, {samples} samples of each digit, digits in the order 1 to 9, 0; the file itself holds no labels.',
  'label-ten-is-zero': 'The label 10 in "{array}" stands for the digit 0, as in SVHN, and was read as 0.',
  'images-turned':
    'One image was turned as its EXIF orientation says. | {count} images were turned as their EXIF orientation says.',
  'images-deep':
    'One image has more than 8 bits a channel; the upper 8 bits were kept. | {count} images have more than 8 bits a channel; the upper 8 bits were kept.',
  'images-on-white':
    'One image has transparent parts, which were laid on white. | {count} images have transparent parts, which were laid on white.',
  'given-labels-kept':
    'The replaced dataset had one label given by hand; number of labels kept, because the files are the same: {kept}. | The replaced dataset had {count} labels given by hand; number of labels kept, because the files are the same: {kept}. The others are in the trash with it.',
  'images-large':
    'One image is over {megapixels} megapixels; decoding it takes about {memory} of memory. | {count} images are over {megapixels} megapixels; they are decoded one at a time, and the largest takes about {memory} of memory.',
  'tensors-passed-over':
    'One tensor that no network needs was passed over: {names}. | {count} tensors that no network needs were passed over, such as {names}.',
  'prefixes-removed': 'Names of tensors began with {names} and had this prefix removed.',
  'weights-within': 'The weights were taken from "{name}" in the file, and nothing else of it.',
  'weights-converted': 'Values were converted to float32 from {types}.',
  'preparation-assumed':
    'The file does not name its classes, which are numbered from 0 to {last}, nor say how samples are prepared: images are stretched to a square, vectors are taken as they are, and probabilities are not calibrated.',
  'shifts-left-out':
    'The shifts of the target in training ({names}) are not part of the export: they are made for an experiment, and other images need none.',
  'not-calibrated':
    'The samples of "{dataset}" cannot be read, so that probabilities are not calibrated: confidence is usually too high.',
  'statistics-left-out':
    'Vectors are normalised by the samples of "{dataset}", which cannot be read: the export does not hold mean and deviation of the columns.',
} as const satisfies NoteSentences

/** Words for parameters that are terms of the lab: `parameter:value` and its text. */
export const noteWordsEn = {
  'reason:undecodable': 'cannot be decoded',
  'separator:;': 'semicolons',
  'separator:tab': 'tabs',
  'separator:,': 'commas',
  'layout:nhw': 'grey images [n, h, w]',
  'layout:nhwc': 'images [n, h, w, c]',
  'layout:nchw': 'images with the colours first, [n, c, h, w]',
  'layout:hwn': 'grey images one behind another, [h, w, n]',
  'layout:hwcn': 'images one behind another, [h, w, c, n]',
  'layout:chwn': 'images one behind another with the colours first, [c, h, w, n]',
  'layout:hwc': 'a single image [h, w, c]',
  'layout:n-hw': 'square grey images, a row of the array each',
  'layout:n-hwc': 'square colour images, a row of the array each, the colours of a pixel side by side',
  'layout:n-chw': 'square colour images, a row of the array each, one colour after another',
  'layout:vectors': 'vectors, a row of the array each',
  'layout:vectors-by-column': 'vectors, a column of the array each',
  'reason:kind-unread': 'of a kind that is not read',
  'reason:too-large': 'too large',
} as const
