/**
 * Applies an experiment's shifts to a domain's images, in the order listed. Images are 28x28 in [0, 1], 0 black.
 * Affine shifts and blur are described in their own files; the others are, for a value x of the image:
 *
 *   inversion            1 - x
 *   noise                clip(x + deviation * n), n normal, drawn anew for every value
 *   contrast             clip(m + factor * (x - m)), m the mean of the channel
 *   coloured-background  |texture - x| by channel, which gives RGB, as MNIST-M is made from photographs
 *                        (Ganin et al. 2016)
 *
 * clip limits values to [0, 1]. Each image has its own random stream, so it looks the same in every selection.
 */
import type { Shift } from '../contract/experiment'
import { rotation, scaling, shearing, transform, translation } from './affine'
import { blur } from './blur'
import { withChannels } from './colour'
import type { Picture } from './picture'
import type { Random } from './random'
import { texture } from './texture'

const clip = (value: number) => Math.min(1, Math.max(0, value))

function invert(picture: Picture): Picture {
  return { ...picture, values: picture.values.map((value) => 1 - value) }
}

function addNoise(picture: Picture, deviation: number, random: Random): Picture {
  return { ...picture, values: picture.values.map((value) => clip(value + deviation * random.normal())) }
}

function changeContrast(picture: Picture, factor: number): Picture {
  const { channels, values } = picture
  const means = [0, 0, 0]
  const share = channels / values.length
  values.forEach((value, i) => (means[i % channels] = (means[i % channels] ?? 0) + value * share))
  return {
    ...picture,
    values: values.map((value, i) => {
      const mean = means[i % channels] ?? 0
      return clip(mean + factor * (value - mean))
    }),
  }
}

function colourBackground(picture: Picture, random: Random): Picture {
  const background = texture(picture.width, random).values
  const rgb = withChannels(picture, 3)
  return { ...rgb, values: rgb.values.map((value, i) => Math.abs((background[i] ?? 0) - value)) }
}

/** Applies one shift and returns a new picture. `random` is called only by random shifts. */
export function applyShift(picture: Picture, shift: Shift, random: () => Random): Picture {
  switch (shift.kind) {
    case 'rotation':
      return transform(picture, rotation(shift.degrees))
    case 'scale':
      return transform(picture, scaling(shift.factor))
    case 'shear':
      return transform(picture, shearing(shift.degrees))
    case 'translation':
      return transform(picture, translation(shift.right, shift.down))
    case 'inversion':
      return invert(picture)
    case 'noise':
      return addNoise(picture, shift.deviation, random())
    case 'blur':
      return blur(picture, shift.deviation)
    case 'contrast':
      return changeContrast(picture, shift.factor)
    case 'coloured-background':
      return colourBackground(picture, random())
  }
}
