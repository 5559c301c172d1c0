/** Chart.js plugins: labels at the line ends instead of a legend, and a cursor at the shown round. */
import type { Chart, Plugin } from 'chart.js'

interface Label {
  readonly text: string
  readonly colour: string
  y: number
  /** The end of the line, if it does not reach the right edge. */
  readonly dot: { readonly x: number; readonly y: number } | null
}

const lineHeight = 14
const labelFont = '500 12px "Inter Variable", "Noto Sans CJK SC", sans-serif'

/** Width of the widest label, CSS pixels. */
export function widestLabel(texts: readonly string[]): number {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) return 0
  context.font = labelFont
  return Math.ceil(Math.max(0, ...texts.map((text) => context.measureText(text).width)))
}

/** Separates overlapping labels, first downwards, then upwards from the bottom. */
export function spread(labels: Label[], top: number, bottom: number): void {
  labels.sort((a, b) => a.y - b.y)
  let least = top
  for (const label of labels) {
    label.y = Math.max(label.y, least)
    least = label.y + lineHeight
  }
  let most = bottom
  for (const label of [...labels].reverse()) {
    label.y = Math.min(label.y, most)
    most = label.y - lineHeight
  }
}

function labelsOf(chart: Chart): Label[] {
  return chart.data.datasets.flatMap((dataset, i) => {
    const { data } = chart.getDatasetMeta(i)
    const last = data[data.length - 1]
    if (last === undefined || dataset.label === undefined) return []
    const dot = last.x < chart.chartArea.right - 1 ? { x: last.x, y: last.y } : null
    return [
      {
        text: dataset.label,
        colour: typeof dataset.borderColor === 'string' ? dataset.borderColor : '',
        y: last.y,
        dot,
      },
    ]
  })
}

export const directLabels: Plugin = {
  id: 'directLabels',
  afterDatasetsDraw(chart) {
    const { ctx, chartArea } = chart
    const labels = labelsOf(chart)
    spread(labels, chartArea.top + 4, chartArea.bottom - 4)
    ctx.save()
    ctx.font = labelFont
    ctx.textBaseline = 'middle'
    for (const label of labels) {
      ctx.fillStyle = label.colour
      ctx.fillText(label.text, chartArea.right + 6, label.y)
      if (label.dot === null) continue
      ctx.beginPath()
      ctx.arc(label.dot.x, label.dot.y, 2.5, 0, 2 * Math.PI)
      ctx.fill()
    }
    ctx.restore()
  },
}

export interface CursorOptions {
  readonly x: number | null
  readonly colour: string
}

export const cursor: Plugin = {
  id: 'cursor',
  beforeDatasetsDraw(chart, _args, options: unknown) {
    const { x, colour } = options as CursorOptions
    const axis = chart.scales['x']
    if (x === null || axis === undefined || x < axis.min || x > axis.max) return
    const { ctx, chartArea } = chart
    const pixel = Math.round(axis.getPixelForValue(x)) + 0.5
    ctx.save()
    ctx.strokeStyle = colour
    ctx.lineWidth = 1
    ctx.beginPath()
    ctx.moveTo(pixel, chartArea.top)
    ctx.lineTo(pixel, chartArea.bottom)
    ctx.stroke()
    ctx.restore()
  },
}
