/**
 * Views of images: small random affine maps, under which a digit stays the digit that it is. A view looks the
 * output's point up in the input,
 *
 *   theta = [[s cos r, -sin r + h, tx], [sin r, s cos r, ty]]
 *
 * in pixels from the image's centre, bilinear, with the background outside. s > 1 shrinks. The limits of tx and ty are
 * in pixels too: the same limits move a larger image by a smaller share of its side.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { ModelOptions, Views } from '../contract/experiment'
import { sampleSpec } from '../contract/sample'
import type { Random } from '../data/random'
import { registerOperation } from '../native/operation'

/** Random views of samples. A step applies them; what is drawn is one of its inputs. */
export interface Augment {
  /** Draws one view for each of `count` samples. */
  readonly draw: (random: Random, count: number) => tf.Tensor
  /** The samples under the views drawn; the shape stays. No gradient flows through it. */
  readonly apply: (samples: tf.Tensor, drawn: tf.Tensor) => tf.Tensor
}

/** Views of the experiment's samples within these limits; null for vectors, which have no views. */
export function augmentOf(model: ModelOptions, limits: Views): Augment | null {
  const spec = sampleSpec(model)
  if (spec.kind === 'vector') return null
  const background = model.pixels === 'symmetric' ? -1 : 0
  return {
    draw: (random, count) => drawViews(random, limits, count, spec.side),
    apply: (samples, drawn) => view(samples as tf.Tensor4D, drawn as tf.Tensor2D, background),
  }
}

const between = (random: Random, least: number, most: number): number =>
  least + (most - least) * random.uniform()

/** Uniform in [-most, most]. */
const within = (random: Random, most: number): number => between(random, -most, most)

/** One map in TensorFlow's format: from output pixels to input pixels; the last two numbers are the perspective. */
function drawMap(random: Random, views: Views, side: number): number[] {
  const centre = (side - 1) / 2
  const turn = (within(random, views.degrees) * Math.PI) / 180
  const scale = between(random, views.leastScale, views.mostScale)
  const shear = within(random, views.shear)
  const right = within(random, views.translation)
  const down = within(random, views.translation)
  const [a, b] = [scale * Math.cos(turn), -Math.sin(turn) + shear]
  const [c, d] = [Math.sin(turn), scale * Math.cos(turn)]
  const x = centre + right - (a + b) * centre
  const y = centre + down - (c + d) * centre
  return [a, b, x, c, d, y, 0, 0]
}

/** One map per image of `side` x `side` pixels, `[count, 8]`. */
export function drawViews(random: Random, views: Views, count: number, side: number): tf.Tensor2D {
  return tf.tensor2d(
    Array.from({ length: count }, () => drawMap(random, views, side)),
    [count, 8],
  )
}

/**
 * Transforms images `[batch, side, side, channels]` by maps `[batch, 8]`; the shape stays. No gradient flows through it.
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
      const [, rows, columns] = (image as tf.Tensor).shape as [number, number, number]
      const size = tf.tensor1d([rows, columns], 'int32')
      return [image as tf.Tensor, transforms as tf.Tensor, size, tf.scalar(fillValue)]
    },
  )
}
