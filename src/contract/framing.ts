/**
 * How an image of another size becomes a square of the experiment's side; an image of that size is left unchanged by
 * every framing.
 *
 * `stretch` does not keep the aspect ratio; the others do. `letterbox`: the longer side fills the square, black
 * elsewhere. `centre-crop`: the shorter side fills the square, the ends of the longer one are cut. `box20`: as
 * `letterbox` in a central box of 20/28 of the side, as in MNIST. `inner-crop`: a square of 7/8 of the shorter side, from the
 * centre, as networks pretrained on ImageNet are evaluated (224 of 256 pixels).
 */
export const framings = ['stretch', 'letterbox', 'centre-crop', 'inner-crop', 'box20'] as const
export type Framing = (typeof framings)[number]
