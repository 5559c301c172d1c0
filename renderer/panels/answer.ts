/** What the lab answers to a question that is asked by hand. Another question takes the answer away. */
import { ref, shallowRef, watch } from 'vue'
import { useNotices } from '../stores/notices'

/** @param question what is asked, as text: an answer that comes after it has changed is dropped */
export function useAnswer<Answer extends object>(question: () => string, answerTo: () => Promise<Answer>) {
  const notices = useNotices()
  const answer = shallowRef<Answer | null>(null)
  const asking = ref(false)
  watch(question, () => (answer.value = null))

  async function ask(): Promise<void> {
    const asked = question()
    asking.value = true
    await notices.attempt(async () => {
      const found = await answerTo()
      if (question() === asked) answer.value = found
    })
    asking.value = false
  }

  return { answer, asking, ask }
}
