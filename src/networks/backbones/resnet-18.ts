/** ResNet-18: features `[512]`. */
import { basic, resnet } from './resnet'

export const resnet18 = resnet({
  id: 'resnet-18',
  title: 'ResNet-18',
  about: {
    en: 'the smaller usual one; you bring a file of torchvision or timm.',
    zh: '常用网络中较小的一个；权重文件由你从 torchvision 或 timm 提供。',
  },
  body: basic,
  expansion: 1,
  blocks: [2, 2, 2, 2],
})
