/** Which runs are marked for comparing, and what of the comparison is on show. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useComparison = defineStore('comparison', () => {
  const marked = ref<readonly string[]>([])
  /** `runs`: the marked ones laid over each other; `matrix`: all finished ones, by method and pair of domains. */
  const view = ref<'runs' | 'matrix'>('runs')
  return { marked, view }
})
