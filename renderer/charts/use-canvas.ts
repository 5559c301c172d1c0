/** A canvas that fills its box at device resolution and is redrawn when its box or its data change. */
import { watchPostEffect, type Ref } from 'vue'
import { useSize } from './use-size'

export interface Surface {
  readonly context: CanvasRenderingContext2D
  /** CSS pixels; the context is scaled to them. */
  readonly width: number
  readonly height: number
  /** Device pixels per CSS pixel. */
  readonly ratio: number
}

/** `draw` runs inside an effect: a change of any reactive value that it reads causes a redraw. */
export function useCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  draw: (surface: Surface) => void,
): void {
  const size = useSize(canvas)

  function redraw(): void {
    const element = canvas.value
    const { width, height } = size.value
    if (element === null || width === 0 || height === 0) return
    const ratio = window.devicePixelRatio
    const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (element.width !== deviceWidth) element.width = deviceWidth
    if (element.height !== deviceHeight) element.height = deviceHeight
    const context = element.getContext('2d')
    if (context === null) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    draw({ context, width, height, ratio })
  }

  watchPostEffect(redraw)
}
