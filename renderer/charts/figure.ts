/** Exports of a figure: its numbers as CSV, its picture as PNG. */
import { nameCell } from '../../src/contract/spreadsheet-cell'
import { saveBlob } from '../lab/save-blob'

export type Cell = string | number | null

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  const text = typeof cell === 'string' ? nameCell(cell) : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}

/** CSV according to RFC 4180. */
export function csvOf(table: Table): string {
  return [table.columns, ...table.rows].map((row) => row.map(csvCell).join(',') + '\r\n').join('')
}

/** A file name from a title. A title without letters and digits would give a hidden file, so it becomes `figure`. */
export function fileName(title: string, ending: string): string {
  const plain = title.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
  return `${plain === '' ? 'figure' : plain.toLowerCase()}.${ending}`
}

export function saveCsv(table: Table, title: string): void {
  // The byte order mark makes spreadsheet programs read the file as UTF-8.
  saveBlob(new Blob(['\ufeff', csvOf(table)], { type: 'text/csv' }), fileName(title, 'csv'))
}

/** Renders an SVG element to an image, with the page's computed colours as inline styles. */
async function imageOfSvg(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const originals = svg.querySelectorAll('*')
  copy.querySelectorAll<SVGElement>('*').forEach((element, i) => {
    const original = originals[i]
    if (original === undefined) return
    const style = getComputedStyle(original)
    for (const property of [
      'fill',
      'stroke',
      'stroke-width',
      'stroke-dasharray',
      'opacity',
      'font',
      'text-anchor',
    ])
      element.style.setProperty(property, style.getPropertyValue(property))
  })
  const box = svg.getBoundingClientRect()
  copy.setAttribute('width', String(box.width))
  copy.setAttribute('height', String(box.height))
  const text = new XMLSerializer().serializeToString(copy)
  const image = new Image(box.width, box.height)
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  return image
}

const margin = 16
const titleHeight = 32
const scale = 2

/** Saves all canvases and SVGs inside `plot`, in their layout, under the figure's title. */
export async function savePng(plot: HTMLElement, title: string, colours: { surface: string; text: string }) {
  const frame = plot.getBoundingClientRect()
  const canvas = document.createElement('canvas')
  canvas.width = (frame.width + 2 * margin) * scale
  canvas.height = (frame.height + 2 * margin + titleHeight) * scale
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(scale, scale)
  context.fillStyle = colours.surface
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = colours.text
  context.font = `600 14px ${getComputedStyle(plot).fontFamily}`
  context.fillText(title, margin, margin + 14)
  context.imageSmoothingEnabled = false
  for (const part of plot.querySelectorAll<HTMLCanvasElement | SVGSVGElement>('canvas, svg.figure')) {
    const box = part.getBoundingClientRect()
    const image = part instanceof HTMLCanvasElement ? part : await imageOfSvg(part)
    const x = margin + box.left - frame.left
    context.drawImage(image, x, margin + titleHeight + box.top - frame.top, box.width, box.height)
  }
  await new Promise<void>((resolve) =>
    canvas.toBlob((blob) => {
      if (blob !== null) saveBlob(blob, fileName(title, 'png'))
      resolve()
    }),
  )
}
