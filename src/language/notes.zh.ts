import type { NoteSentences } from './note-sentences'

export const notesZh = {
  'files-skipped': '跳过了 {count} 个文件（{reason}）：{names}。',
} as const satisfies NoteSentences

/** 属于实验室术语的参数：`parameter:value` 及其文字。 */
export const noteWordsZh = {
  'reason:undecodable': '无法解码',
} as const
