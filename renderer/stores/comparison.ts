/** Store of the runs marked for comparison and the view of the comparison that is shown. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useComparison = defineStore('comparison', () => {
  const marked = ref<readonly string[]>([])
  /** `runs`: the curves of the marked runs in one chart; `matrix`: all finished runs by method and pair of domains. */
  const view = ref<'runs' | 'matrix'>('runs')
  return { marked, view }
})
