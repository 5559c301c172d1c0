import type { NoteSentences } from './note-sentences'

export const notesZh = {
  'files-skipped': '跳过了 {count} 个文件（{reason}）：{names}。',
  'arrays-taken': '按名称确定了各数组的用途：{roles}。',
  'arrays-passed-over': '没有读取 {count} 个数组：{names}。',
  'files-joined': '{file} 与 {joined} 放在一起，作为一个数据集读取。',
  'file-not-joined': '{joined} 与 {file} 放在一起，但其中的标签数与样本数不等，因此没有读取。',
  'validation-left-out': '略去了 {count} 个验证样本（“{array}”）：已有用于测量的测试样本。',
  'validation-as-test': '{count} 个验证样本（“{array}”）用作测试样本，因为没有别的测试样本。',
  'layout-taken': '形状为 {shape} 的数组“{array}”读作{layout}。',
  'alpha-on-white': '“{array}”中的不透明度已生效：透明部分画在白色上。',
  'range-taken': '“{array}”（{type}）的值读作{range}。',
  'range-clipped': '“{array}”有 {count} 个值超出范围（实际为 {least} 到 {most}），已设为范围的端点。',
  'range-unused':
    '“{array}”最亮的值是 {brightest}（满值 {full}）；如果它应为白色，请选择拉伸范围（--stretch）。',
  'range-stretched': '“{array}”的取值范围 {least} 到 {most} 已拉伸为从黑到白。',
  'labels-one-hot': '标签“{array}”是 {classes} 个类别的独热行。',
  'labels-unknown': '“{array}”中有 {count} 个标签表示类别未知。',
  'labels-missing': '“{array}”没有标签，类别未知。',
  'label-ten-is-zero': '“{array}”中的标签 10 与 SVHN 一样表示数字 0，已读作 0。',
} as const satisfies NoteSentences

/** 属于实验室术语的参数：`parameter:value` 及其文字。 */
export const noteWordsZh = {
  'reason:undecodable': '无法解码',
  'layout:nhw': '灰度图像 [n, h, w]',
  'layout:nhwc': '图像 [n, h, w, c]',
  'layout:nchw': '颜色在前的图像 [n, c, h, w]',
  'layout:hwn': '前后相叠的灰度图像 [h, w, n]',
  'layout:hwcn': '前后相叠的图像 [h, w, c, n]',
  'layout:chwn': '前后相叠、颜色在前的图像 [c, h, w, n]',
  'layout:hwc': '单张图像 [h, w, c]',
  'layout:n-hw': '正方形灰度图像，数组每行一张',
  'layout:n-hwc': '正方形彩色图像，数组每行一张，同一像素的颜色相邻',
  'layout:n-chw': '正方形彩色图像，数组每行一张，各颜色依次排列',
  'layout:vectors': '向量，数组每行一个',
  'layout:vectors-by-column': '向量，数组每列一个',
} as const
