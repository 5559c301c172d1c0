/** Why an experiment was proposed, as sentences for the window and the terminal: one for each reason. */
import type { ReasonCode } from '../contract/proposal'
import type { Language } from './language'

export const reasonSentences: Readonly<Record<Language, Readonly<Record<ReasonCode, string>>>> = {
  en: {
    'classes-unlabelled':
      'The target has no labels, so it takes the {count} classes of the source and no pairing.',
    'classes-same': 'Both have the same {count} classes, paired by name.',
    'classes-shared': '{count} class names occur in both; the others are left out: {left}.',
    'classes-by-order':
      'No class name occurs in both, so the {count} classes are paired in the order listed. Check the pairing.',
    'held-out': '{count} source samples are held out, because probabilities are calibrated on them.',
    'no-held-out': 'No source samples are held out, so probabilities are calibrated on the training samples.',
    'side-kept': 'The images stay {side} × {side} pixels, with {channels} channels.',
    'side-small':
      'The images become {side} × {side} pixels with {channels} channels: with few images, larger ones led to overfitting.',
    'vectors-scaled': 'The vectors of {length} numbers are scaled by {scaling}.',
    'method-images': '{method} with {encoder}: it gained on small sets of colour images and trains quickly.',
    'method-vectors': '{method} with {encoder}: it gained on features of photographs.',
    'source-epochs':
      '{epochs} passes over {count} source images, under random views: fewer images need more passes.',
    'source-steps': '{steps} steps on {count} source vectors were enough for features.',
    rounds: '{rounds} rounds on {count} target samples: fewer samples need more rounds.',
  },
  zh: {
    'classes-unlabelled': '目标域没有标签，因此采用源域的 {count} 个类别，不设配对。',
    'classes-same': '两个域有相同的 {count} 个类别，按名称配对。',
    'classes-shared': '有 {count} 个类别名称在两个域中都出现；其余的不参与：{left}。',
    'classes-by-order': '两个域没有相同的类别名称，{count} 个类别按列出的顺序配对，请检查配对。',
    'held-out': '留出 {count} 个源域样本，用来校准概率。',
    'no-held-out': '没有留出的源域样本，概率在训练样本上校准。',
    'side-kept': '图像保持 {side} × {side} 像素，{channels} 个通道。',
    'side-small': '图像缩小到 {side} × {side} 像素，{channels} 个通道：图像不多时，更大的图像容易过拟合。',
    'vectors-scaled': '长度为 {length} 的向量按 {scaling} 缩放。',
    'method-images': '{method} 配 {encoder}：在小规模彩色图像上有提升，训练也快。',
    'method-vectors': '{method} 配 {encoder}：在照片特征上有提升。',
    'source-epochs': '对 {count} 张源域图像做 {epochs} 遍带随机变换的训练：图像越少，遍数越多。',
    'source-steps': '在 {count} 个源域向量上训练 {steps} 步，对特征已经足够。',
    rounds: '在 {count} 个目标域样本上做 {rounds} 轮：样本越少，轮数越多。',
  },
}
