/** Properties of networks that follow from their layers. */
import type { Layer } from './layer'

/** All layers, those of the branches of residuals included. */
export function everyLayer(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) =>
    layer.kind === 'residual' ? everyLayer([...layer.body, ...layer.shortcut]) : [layer],
  )
}

/** Whether it uses statistics of a batch, which are undefined for a single sample. */
export function isNormalised(layers: readonly Layer[]): boolean {
  return everyLayer(layers).some(({ kind }) => kind === 'batch-norm')
}

/** Whether training and inference mode differ. */
export function hasTwoModes(layers: readonly Layer[]): boolean {
  return everyLayer(layers).some(({ kind }) => kind === 'batch-norm' || kind === 'dropout')
}

/** Whether no output is below 0, so that ReLU would change none. */
export function isNeverNegative(layers: readonly Layer[]): boolean {
  const keepSigns = ['dropout', 'flatten', 'max-pool', 'global-average']
  const last = [...layers].reverse().find(({ kind }) => !keepSigns.includes(kind))
  return last !== undefined && (last.kind === 'relu' || last.kind === 'relu6')
}
