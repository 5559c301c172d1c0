/** Store of the checkpoint that was just opened from a file, until the checkpoints page shows it. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Imported } from '../../src/contract/run'

export const useOpened = defineStore('opened', () => {
  const file = shallowRef<Pick<Imported, 'run' | 'checkpoint'> | null>(null)

  function show(opened: Pick<Imported, 'run' | 'checkpoint'>): void {
    file.value = opened
  }

  function shown(): void {
    file.value = null
  }

  return { file, show, shown }
})
