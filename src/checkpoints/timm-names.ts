/**
 * Names of tensors in timm's files of MobileNetV2, as torchvision's. timm's ResNets have torchvision's names.
 * timm counts blocks within groups, and names the parts of a block by what they do.
 */

/** Numbers of blocks in the groups (Sandler et al. 2018, table 2). */
const blocks = [1, 2, 3, 4, 3, 3, 1]

const outer: Readonly<Record<string, string>> = {
  conv_stem: 'features.0.0',
  bn1: 'features.0.1',
  conv_head: 'features.18.0',
  bn2: 'features.18.1',
  classifier: 'classifier.1',
}

/** The first block has no expansion. */
const unexpanded: Readonly<Record<string, string>> = { conv_dw: '0.0', bn1: '0.1', conv_pw: '1', bn2: '2' }
const expanded: Readonly<Record<string, string>> = {
  conv_pw: '0.0',
  bn1: '0.1',
  conv_dw: '1.0',
  bn2: '1.1',
  conv_pwl: '2',
  bn3: '3',
}

/** The name unchanged if it is none of timm's. */
export function fromTimm(name: string): string {
  const [, group, place, layer = '', tensor = ''] = /^blocks\.(\d+)\.(\d+)\.(\w+)\.(\w+)$/.exec(name) ?? []
  if (group === undefined) {
    const [module = '', part = ''] = name.split('.')
    const known = outer[module]
    return known === undefined ? name : `${known}.${part}`
  }
  const part = (group === '0' ? unexpanded : expanded)[layer]
  const before = blocks.slice(0, Number(group)).reduce((sum, count) => sum + count, 0)
  return part === undefined ? name : `features.${before + Number(place) + 1}.conv.${part}.${tensor}`
}

/** Whether names are timm's: only its files have a convolution of this name. */
export function isOfTimm(names: readonly string[]): boolean {
  return names.includes('conv_stem.weight') && names.includes('blocks.0.0.conv_pw.weight')
}
