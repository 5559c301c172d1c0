/** ResNet-50: features `[2048]`. The usual backbone of results on Office-31 and Office-Home. */
import { bottleneck, resnet } from './resnet'

export const resnet50 = resnet({
  id: 'resnet-50',
  title: 'ResNet-50',
  about: {
    en: 'the one that papers report with; slow without a GPU. You bring a file of torchvision or timm.',
    zh: '论文通常使用的网络，没有 GPU 时较慢；权重文件由你从 torchvision 或 timm 提供。',
  },
  body: bottleneck,
  expansion: 4,
  blocks: [3, 4, 6, 3],
})
