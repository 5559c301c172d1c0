/** The preprocessing of torchvision's ImageNet weights: the shorter side to 256 pixels, a square of 224 cut out. */
import type { Preprocessing } from '../backbone'

export const ofImageNet: Preprocessing = {
  side: 224,
  crop: 224 / 256,
  mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
  deviation: [0.229 * 255, 0.224 * 255, 0.225 * 255],
}
