/** The preprocessing of torchvision's ImageNet weights; the framing `inner-crop` cuts as they were evaluated. */
import type { Preprocessing } from '../backbone'

export const ofImageNet: Preprocessing = {
  mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
  deviation: [0.229 * 255, 0.224 * 255, 0.225 * 255],
}
