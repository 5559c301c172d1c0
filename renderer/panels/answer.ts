/** What the lab answers to a question that is asked by hand. Another question takes the answer away, or what was wrong. */
import { shallowRef, watch } from 'vue'
import { useAction } from '../parts/action'

/** @param question what is asked, as text: an answer that comes after it has changed is dropped */
export function useAnswer<Answer extends object>(question: () => string, answerTo: () => Promise<Answer>) {
  const answer = shallowRef<Answer | null>(null)
  const { busy: asking, error, attempt } = useAction(question)
  watch(question, () => (answer.value = null))

  async function ask(): Promise<void> {
    const asked = question()
    await attempt(async () => {
      const found = await answerTo()
      if (question() === asked) answer.value = found
    })
  }

  return { answer, asking, error, ask }
}
