import type { NoteSentences } from './note-sentences'

export const notesZh = {
  'files-skipped': '跳过了 {count} 个文件（{reason}）：{names}。',
  'idx-files-taken': '作为一个数据集读取：{names}（共 {count} 个文件）。',
  'images-transposed': '{set} 与 EMNIST 一样，图像的行与列互换存储；已转正。',
  'label-column-first': '{file} 有 {columns} 列（与 QMNIST 相同）；取第一列为标签。',
  'labels-mapped': '类别按 {file} 命名。',
  'text-decoded': '文本按 {encoding} 读取。',
  'header-none': '表格没有表头：第一行按数值读取，{columns} 列以序号命名。',
  'header-numbered': '第一行是 {columns} 列的编号，作为表头读取。',
  'label-column-taken': '“{column}”列作为标签。',
  'columns-dropped': '按列名略去了 {count} 列：{names}。',
  'pixel-columns': '{columns} 列作为图像的像素读取，{height} 行 × {width} 列。',
  'decimal-comma': '值之间用 {separator} 分隔，逗号按小数点读取。',
} as const satisfies NoteSentences

/** 属于实验室术语的参数：`parameter:value` 及其文字。 */
export const noteWordsZh = {
  'reason:undecodable': '无法解码',
  'separator:;': '分号',
  'separator:tab': '制表符',
  'separator:,': '逗号',
} as const
