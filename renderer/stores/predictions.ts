/** Store of the latest prediction: it stays while other pages are shown, because it may have taken minutes. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { LabEvent } from '../../src/contract/lab'
import type { ReadingProgress } from '../../src/contract/reading'
import { predictedOf, type Predicted } from '../format/predicted'
import { useHost } from './host'

type Encoder = 'source' | 'target'

export const usePredictions = defineStore('predictions', () => {
  const { lab } = useHost()
  const latest = shallowRef<{ readonly predicted: Predicted; readonly encoder: Encoder } | null>(null)
  const progress = shallowRef<ReadingProgress | null>(null)
  /** The checkpoint whose networks are predicting; null if none are. */
  const running = ref<string | null>(null)

  function receive(event: LabEvent): void {
    if (event.type === 'predicting' && event.checkpoint === running.value) progress.value = event.progress
  }

  /** @param encoder `target`: MT if the checkpoint has one */
  async function predict(checkpoint: string, dataset: string, encoder: Encoder): Promise<void> {
    running.value = checkpoint
    progress.value = null
    try {
      const answer = await lab.call('predict', { checkpoint, dataset, encoder })
      latest.value = { predicted: predictedOf(answer), encoder }
    } finally {
      if (running.value === checkpoint) running.value = null
    }
  }

  async function cancel(): Promise<void> {
    if (running.value !== null) await lab.call('cancelPrediction', { checkpoint: running.value })
  }

  /** The latest prediction if it is this one. */
  function of(checkpoint: string, dataset: string, encoder: Encoder): Predicted | null {
    if (latest.value?.encoder !== encoder) return null
    const { predicted } = latest.value
    return predicted.checkpoint === checkpoint && predicted.dataset === dataset ? predicted : null
  }

  return { latest, progress, running, receive, predict, cancel, of }
})
