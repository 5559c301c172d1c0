import type { NoteSentences } from './note-sentences'

export const notesZh = {
  'folder-entered': '所有图像都在“{folder}”中，因此以该文件夹的内容作为数据集。',
  'splits-taken': '训练样本来自 {training}，留出的测试样本来自 {test}。',
  'images-nested': '{count} 张图像在类别文件夹内的子文件夹里，归入该类别：{names}。',
  'images-beside-classes': '{count} 张图像与类别文件夹并列，不属于任何类别，未导入：{names}。',
  'folders-without-images': '略过了 {count} 个没有图像的文件夹：{names}。',
  'files-passed-over': '略过了 {count} 个名称不像图像的文件：{names}。',
  'links-followed': '跟随了 {count} 个指向文件夹之外的链接：{names}。',
  'list-root-taken': '列表中的路径从文件夹 {folder} 开始。',
  'names-from-folders': '列表用数字表示 {count} 个类别，类别名称取自所在文件夹。',
  'files-skipped': '跳过了 {count} 个文件（{reason}）：{names}。',
  'images-turned': '{count} 张图像已按其 EXIF 方向转正。',
  'images-deep': '{count} 张图像每通道超过 8 位，只保留高 8 位。',
  'images-on-white': '{count} 张图像有透明部分，已叠放在白色背景上。',
  'images-large': '{count} 张图像超过 {megapixels} 百万像素，逐张解码，其中最大的约需 {memory} 内存。',
  'tensors-passed-over': '略过了 {count} 个任何网络都不需要的张量，例如 {names}。',
  'prefixes-removed': '已从张量名称中去掉前缀 {names}。',
} as const satisfies NoteSentences

/** 属于实验室术语的参数：`parameter:value` 及其文字。 */
export const noteWordsZh = {
  'reason:undecodable': '无法解码',
  'reason:kind-unread': '不读取这种文件',
  'reason:too-large': '过大',
} as const
