/** How torchvision prepares images for its networks: ImageNet's mean and deviation of each channel. */
import type { Preprocessing } from '../backbone'

const of255 = (red: number, green: number, blue: number) => [255 * red, 255 * green, 255 * blue] as const

export const imageNet: Preprocessing = {
  side: 224,
  crop: 224 / 256,
  mean: of255(0.485, 0.456, 0.406),
  deviation: of255(0.229, 0.224, 0.225),
}
