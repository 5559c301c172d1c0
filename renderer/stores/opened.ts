/** Store of the checkpoint that was just opened from a file, until the checkpoints page shows it. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { CommandOutput } from '../../src/contract/lab'

export const useOpened = defineStore('opened', () => {
  const file = shallowRef<CommandOutput<'open'> | null>(null)

  function show(opened: CommandOutput<'open'>): void {
    file.value = opened
  }

  function shown(): void {
    file.value = null
  }

  return { file, show, shown }
})
