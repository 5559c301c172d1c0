import type { NoteSentences } from './note-sentences'

export const notesZh = {
  'files-skipped': '跳过了 {count} 个文件（{reason}）：{names}。',
  'images-turned': '{count} 张图像已按其 EXIF 方向转正。',
  'images-deep': '{count} 张图像每通道超过 8 位，只保留高 8 位。',
  'images-on-white': '{count} 张图像有透明部分，已叠放在白色背景上。',
  'images-large': '{count} 张图像超过 {megapixels} 百万像素，逐张解码，其中最大的约需 {memory} 内存。',
} as const satisfies NoteSentences

/** 属于实验室术语的参数：`parameter:value` 及其文字。 */
export const noteWordsZh = {
  'reason:undecodable': '无法解码',
  'reason:kind-unread': '不读取这种文件',
  'reason:too-large': '过大',
} as const
