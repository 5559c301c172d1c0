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
} as const satisfies NoteSentences

/** 属于实验室术语的参数：`parameter:value` 及其文字。 */
export const noteWordsZh = {
  'reason:undecodable': '无法解码',
} as const
