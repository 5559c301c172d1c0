/**
 * Worker that runs UMAP: takes feature rows and returns two coordinates for each. The same rows give the same result.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { UMAP } from 'umap-js'

export interface UmapRequest {
  readonly rows: Float32Array
  readonly dimensions: number
}

export type UmapReply = { readonly share: number } | { readonly points: Float32Array }

const host = self as unknown as {
  onmessage: ((message: MessageEvent<UmapRequest>) => void) | null
  postMessage(reply: UmapReply): void
}

const reportEvery = 20

host.onmessage = ({ data: { rows, dimensions } }) => {
  const generator = xoroshiro128plus(0)
  const umap = new UMAP({ nNeighbors: 15, minDist: 0.1, random: () => uniformFloat64(generator) })
  const vectors = Array.from({ length: rows.length / dimensions }, (_, i) =>
    Array.from(rows.subarray(i * dimensions, (i + 1) * dimensions)),
  )
  const epochs = umap.initializeFit(vectors)
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step()
    if (epoch % reportEvery === 0) host.postMessage({ share: epoch / epochs })
  }
  host.postMessage({ points: Float32Array.from(umap.getEmbedding().flat()) })
}
