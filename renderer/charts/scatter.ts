/** Draws clouds of points on one canvas and finds the point under the pointer. */
import { traceMarker } from './markers'
import type { Surface } from './use-canvas'

export interface Cloud {
  /** x, y, x, y, ... */
  readonly points: Float32Array
  /** Marker index of each point. */
  readonly shapes: readonly number[]
  readonly colour: string
}

export interface Extent {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export function extentOf(clouds: readonly { readonly points: Float32Array }[]): Extent | null {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { points } of clouds)
    for (let i = 0; i + 1 < points.length; i += 2) {
      const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0]
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  return left > right ? null : { left, right, top, bottom }
}

export function union(a: Extent | null, b: Extent | null): Extent | null {
  if (a === null || b === null) return a ?? b
  return {
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

const border = 8

/** Maximum ratio between the scales of the two axes, which may differ to fill the canvas. */
const maxStretch = 2.5

/** Maps data to the canvas. */
export function mapping(extent: Extent, width: number, height: number) {
  const fitX = (width - 2 * border) / Math.max(extent.right - extent.left, 1e-9)
  const fitY = (height - 2 * border) / Math.max(extent.bottom - extent.top, 1e-9)
  const [scaleX, scaleY] = [Math.min(fitX, fitY * maxStretch), Math.min(fitY, fitX * maxStretch)]
  const [midX, midY] = [(extent.left + extent.right) / 2, (extent.top + extent.bottom) / 2]
  return {
    x: (value: number) => width / 2 + (value - midX) * scaleX,
    y: (value: number) => height / 2 - (value - midY) * scaleY,
  }
}

const spriteSide = 12

/**
 * A marker drawn once to a sprite: drawing a sprite a thousand times takes a tenth of the time of stroking as many
 * paths.
 */
function spriteOf(shape: number, colour: string, ratio: number): HTMLCanvasElement | null {
  const sprite = document.createElement('canvas')
  sprite.width = sprite.height = Math.ceil(spriteSide * ratio)
  const context = sprite.getContext('2d')
  if (context === null) return null
  const path = new Path2D()
  traceMarker(path, shape, { x: spriteSide / 2, y: spriteSide / 2 }, 3)
  context.scale(ratio, ratio)
  context.strokeStyle = colour
  context.lineWidth = 1.2
  context.stroke(path)
  return sprite
}

export function drawClouds(
  { context, ratio }: Pick<Surface, 'context' | 'ratio'>,
  clouds: readonly Cloud[],
  at: ReturnType<typeof mapping>,
): void {
  context.globalAlpha = 0.7
  for (const { points, shapes, colour } of clouds) {
    const sprites = new Map([...new Set(shapes)].map((shape) => [shape, spriteOf(shape, colour, ratio)]))
    for (let i = 0; i * 2 + 1 < points.length; i++) {
      const sprite = sprites.get(shapes[i] ?? 0) ?? null
      if (sprite === null) continue
      const [x, y] = [at.x(points[i * 2] ?? 0), at.y(points[i * 2 + 1] ?? 0)]
      context.drawImage(sprite, x - spriteSide / 2, y - spriteSide / 2, spriteSide, spriteSide)
    }
  }
  context.globalAlpha = 1
}

const reach = 8

/** The nearest point within reach of (x, y): index of its cloud and of the point. */
export function nearest(
  clouds: readonly Cloud[],
  at: ReturnType<typeof mapping>,
  x: number,
  y: number,
): { cloud: number; index: number } | null {
  let best: { cloud: number; index: number } | null = null
  let least = reach * reach
  clouds.forEach(({ points }, cloud) => {
    for (let i = 0; i * 2 + 1 < points.length; i++) {
      const distance = (at.x(points[i * 2] ?? 0) - x) ** 2 + (at.y(points[i * 2 + 1] ?? 0) - y) ** 2
      if (distance < least) {
        least = distance
        best = { cloud, index: i }
      }
    }
  })
  return best
}
