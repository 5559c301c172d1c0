import { isTable, openCsv } from '../tables/csv'
import type { ArraysFormat } from './format'

export const tableFile: ArraysFormat = {
  id: 'table',
  title: { en: 'Table of numbers (CSV, TSV)', zh: '数值表格（CSV、TSV）' },
  help: {
    en: 'A row for each sample, a column for each feature or pixel, and one for the labels. Columns pixel0, pixel1, ... or 1x1, 1x2, ... become images. Separated by commas, semicolons or tabs, with a header or without; UTF-8, UTF-16 or GBK; packed with gzip or not.',
    zh: '每行一个样本，每个特征或像素一列，另有一列标签。名为 pixel0、pixel1…… 或 1x1、1x2…… 的列成为图像。以逗号、分号或制表符分隔，可有表头；UTF-8、UTF-16 或 GBK；可用 gzip 压缩。',
  },
  endings: ['csv', 'tsv', 'txt', 'gz'],
  holds: 'arrays',
  matches: (seen) => seen.kind === 'file' && isTable(seen.path, seen.head),
  open: openCsv,
}
