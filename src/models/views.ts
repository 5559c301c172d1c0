/**
 * Views of images: small random affine maps, under which a digit stays the digit that it is. A view looks the
 * output's point up in the input,
 *
 *   theta = [[s cos r, -sin r + h, tx], [sin r, s cos r, ty]]
 *
 * in pixels from the image's centre, bilinear, with the background outside. s > 1 shrinks.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { ModelOptions, Views } from '../contract/experiment'
import type { Random } from '../data/random'
import { registerOperation } from '../native/operation'

const SIZE = 28
const CENTRE = (SIZE - 1) / 2

/** The pixel value of the background. */
export const backgroundOf = ({ pixels }: ModelOptions): number => (pixels === 'symmetric' ? -1 : 0)

const between = (random: Random, least: number, most: number): number =>
  least + (most - least) * random.uniform()

/** Uniform in [-most, most]. */
const within = (random: Random, most: number): number => between(random, -most, most)

/** One map in TensorFlow's format: from output pixels to input pixels; the last two numbers are the perspective. */
function drawMap(random: Random, views: Views): number[] {
  const turn = (within(random, views.degrees) * Math.PI) / 180
  const scale = between(random, views.leastScale, views.mostScale)
  const shear = within(random, views.shear)
  const right = within(random, views.translation)
  const down = within(random, views.translation)
  const [a, b] = [scale * Math.cos(turn), -Math.sin(turn) + shear]
  const [c, d] = [Math.sin(turn), scale * Math.cos(turn)]
  const x = CENTRE + right - (a + b) * CENTRE
  const y = CENTRE + down - (c + d) * CENTRE
  return [a, b, x, c, d, y, 0, 0]
}

/** One map per image, `[count, 8]`. */
export function drawViews(random: Random, views: Views, count: number): tf.Tensor2D {
  return tf.tensor2d(
    Array.from({ length: count }, () => drawMap(random, views)),
    [count, 8],
  )
}

/**
 * Transforms images `[batch, 28, 28, channels]` by maps `[batch, 8]`; the shape stays. No gradient flows through it.
 * @param background pixel value outside the image
 */
export function view(images: tf.Tensor4D, maps: tf.Tensor2D, background: number): tf.Tensor4D {
  registerTransform()
  return tf.image.transform(images, maps, 'bilinear', 'constant', background)
}

function registerTransform(): void {
  registerOperation<tf.TransformInputs, tf.TransformAttrs>(
    tf.Transform,
    'ImageProjectiveTransformV3',
    { dtype: 'float32', interpolation: { text: 'BILINEAR' }, fill_mode: { text: 'CONSTANT' } },
    ({ image, transforms }, { fillValue }) => {
      const size = tf.tensor1d([SIZE, SIZE], 'int32')
      return [image as tf.Tensor, transforms as tf.Tensor, size, tf.scalar(fillValue)]
    },
  )
}
