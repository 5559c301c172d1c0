/** Store of the checkpoint that the checkpoints page is to show next: one opened from a file, or of the run on display. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

interface Opened {
  readonly run: string
  /** Null: the last one that is kept. */
  readonly checkpoint: string | null
  readonly tab: 'evaluate' | 'predict'
}

export const useOpened = defineStore('opened', () => {
  const file = shallowRef<Opened | null>(null)

  function show(opened: Opened): void {
    file.value = opened
  }

  function shown(): void {
    file.value = null
  }

  return { file, show, shown }
})
