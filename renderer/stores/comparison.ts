/** Which runs are marked for comparing. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useComparison = defineStore('comparison', () => {
  const marked = ref<readonly string[]>([])
  return { marked }
})
