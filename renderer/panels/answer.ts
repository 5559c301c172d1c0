/** State of a question that the user sends to the lab. Another question clears the answer and the error. */
import { shallowRef, watch } from 'vue'
import { useAction } from '../parts/action'

/** @param question identifies the question; an answer that arrives after it has changed is dropped */
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
