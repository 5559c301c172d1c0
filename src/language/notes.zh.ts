import type { NoteSentences } from './note-sentences'

export const notesZh = {
  'files-skipped': '跳过了 {count} 个文件（{reason}）：{names}。',
  'tensors-passed-over': '略过了 {count} 个任何网络都不需要的张量，例如 {names}。',
  'prefixes-removed': '已从张量名称中去掉前缀 {names}。',
} as const satisfies NoteSentences

/** 属于实验室术语的参数：`parameter:value` 及其文字。 */
export const noteWordsZh = {
  'reason:undecodable': '无法解码',
} as const
