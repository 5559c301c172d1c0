/**
 * Marker shapes: one for each class, the same in every figure. A target class has the shape of its paired source
 * class.
 */
import type { Point } from './series'

/** The part of Path2D that markers need. */
type Pen = Pick<Path2D, 'moveTo' | 'lineTo' | 'arc' | 'closePath'>
type Trace = (path: Pen, { x, y }: Point, r: number) => void

/** Polygon with `corners` corners, the first one at `turn` of a full turn. */
const polygon =
  (corners: number, turn: number): Trace =>
  (path, { x, y }, r) => {
    for (let i = 0; i < corners; i++) {
      const angle = 2 * Math.PI * (turn + i / corners)
      path[i === 0 ? 'moveTo' : 'lineTo'](x + r * Math.cos(angle), y + r * Math.sin(angle))
    }
    path.closePath()
  }

/** Strokes that meet in the centre. */
const spokes =
  (arms: number, turn: number): Trace =>
  (path, { x, y }, r) => {
    for (let i = 0; i < arms; i++) {
      const angle = 2 * Math.PI * (turn + i / arms)
      path.moveTo(x, y)
      path.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle))
    }
  }

const circle: Trace = (path, { x, y }, r) => {
  path.moveTo(x + r, y)
  path.arc(x, y, r, 0, 2 * Math.PI)
}

/** Circle, cross, square, triangle, plus, diamond, tripod, triangle down, star, bar. */
const traces: readonly Trace[] = [
  circle,
  spokes(4, 1 / 8),
  polygon(4, 1 / 8),
  polygon(3, -1 / 4),
  spokes(4, 0),
  polygon(4, 0),
  spokes(3, 1 / 4),
  polygon(3, 1 / 4),
  spokes(6, 0),
  spokes(2, 0),
]

/** The marker of a sample whose class is not known: a dot. */
export const unknownShape = -1

export const shapeCount = traces.length

/** Whether each of `classes` classes has a shape of its own; with more classes the shapes repeat. */
export function hasShapes(classes: number): boolean {
  return classes <= shapeCount
}

/** Adds the marker of class `index` around `at` to a path that is to be stroked. */
export function traceMarker(path: Pen, index: number, at: Point, radius: number): void {
  if (index === unknownShape) circle(path, at, radius / 3)
  else traces[index % traces.length]?.(path, at, radius)
}

/** The same marker as the `d` attribute of an SVG path, around (0, 0). */
export function markerPath(index: number, radius: number): string {
  const parts: string[] = []
  const at = (letter: string) => (x: number, y: number) =>
    parts.push(`${letter}${x.toFixed(2)} ${y.toFixed(2)}`)
  traceMarker(
    {
      moveTo: at('M'),
      lineTo: at('L'),
      closePath: () => parts.push('Z'),
      // Markers draw only full circles; SVG needs two half arcs for one.
      arc: (x, y, r) => parts.push(`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`),
    },
    index,
    { x: 0, y: 0 },
    radius,
  )
  return parts.join('')
}
