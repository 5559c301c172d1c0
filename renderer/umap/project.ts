/** Runs UMAP in the worker. */
import type { UmapReply, UmapRequest } from './umap.worker'

/** @returns x, y of every row; rejects when `signal` is aborted */
export function projectWithUmap(
  request: UmapRequest,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Float32Array> {
  const worker = new Worker(new URL('./umap.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Float32Array>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')))
    worker.onerror = (event) => reject(new Error(event.message))
    worker.onmessage = ({ data }: MessageEvent<UmapReply>) => {
      if ('points' in data) resolve(data.points)
      else onShare(data.share)
    }
    worker.postMessage(request)
  }).finally(() => worker.terminate())
}
