import { describe, expect, it } from 'vitest'
import {
  backbones,
  isUnused,
  layersOfBackbone,
  tensorsOfBackbone,
} from '../../../src/networks/backbones/registry'
import { efficientnetLite0 } from '../../../src/networks/backbones/efficientnet-lite0'
import { mobilenetV2 } from '../../../src/networks/backbones/mobilenet-v2'
import { resnet18 } from '../../../src/networks/backbones/resnet-18'
import { resnet50 } from '../../../src/networks/backbones/resnet-50'
import { shapeAfter } from '../../../src/networks/sample-shape'

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

describe('backbones', () => {
  /** Parameters that their papers' implementations count, without the 1000-class classifier on the features. */
  it.each([
    [resnet18, 11_689_512],
    [resnet50, 25_557_032],
    [mobilenetV2, 3_504_872],
    [efficientnetLite0, 4_652_008],
  ])('have the published number of parameters, $id', (backbone, published) => {
    const learned = tensorsOfBackbone(backbone).filter(({ isLearned }) => isLearned)
    const parameters = learned.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    expect(parameters + 1000 * (backbone.features + 1)).toBe(published)
  })

  it.each(backbones)('end with their features, $id', (backbone) => {
    const shape = shapeAfter(layersOfBackbone(backbone), [224, 224, 3])
    expect(shape).toEqual([backbone.features])
  })

  it.each([
    [resnet18, 'layer2.0.downsample.0.weight', [128, 64, 1, 1]],
    [resnet50, 'layer1.0.conv3.weight', [256, 64, 1, 1]],
    [mobilenetV2, 'features.1.conv.0.0.weight', [32, 1, 3, 3]],
    [mobilenetV2, 'features.17.conv.3.running_var', [320]],
    [efficientnetLite0, '_blocks.15._depthwise_conv.weight', [1152, 1, 3, 3]],
  ] as const)('have the names and layouts of their original files, $id', (backbone, name, shape) => {
    const tensor = tensorsOfBackbone(backbone).find((one) => one.name === name)
    expect(tensor?.shape).toEqual(shape)
    const names = tensorsOfBackbone(backbone).map((one) => one.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((one) => isUnused(backbone, one))).toEqual([])
    expect(isUnused(backbone, 'bn1.num_batches_tracked')).toBe(true)
  })
})
