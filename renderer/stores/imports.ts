/**
 * Store of imports of checkpoint files. A file of another program does not say how pixels were scaled, so the user is
 * asked. What the last import left out, renamed and assumed is kept until the user dismisses it.
 */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toErrorMessage } from '../../src/contract/errors'
import type { Pixels } from '../../src/contract/experiment'
import type { Imported } from '../../src/contract/run'
import { useHost } from './host'

export interface PixelsQuestion {
  readonly id: number
  /** Path of the file. */
  readonly file: string
  /** null: nothing is imported. */
  answer(pixels: Pixels | null): void
}

export const useImports = defineStore('imports', () => {
  const { lab } = useHost()
  const question = shallowRef<PixelsQuestion | null>(null)
  const noted = shallowRef<Imported | null>(null)
  let asked: Promise<unknown> = Promise.resolve()
  let next = 0

  /** A question that follows another one waits for its answer. */
  function ask(file: string): Promise<Pixels | null> {
    const answered = asked.then(
      () =>
        new Promise<Pixels | null>((resolve) => {
          question.value = { id: next++, file, answer: resolve }
        }),
    )
    asked = answered.then(() => (question.value = null))
    return answered
  }

  /** @returns null if the user did not answer the question */
  async function take(command: 'import' | 'open', path: string): Promise<Imported | null> {
    try {
      return await lab.call(command, { path })
    } catch (problem) {
      if (toErrorMessage(problem).code !== 'pixels-unknown') throw problem
      const pixels = await ask(path)
      return pixels === null ? null : lab.call(command, { path, pixels })
    }
  }

  async function bringIn(command: 'import' | 'open', path: string): Promise<Imported | null> {
    const imported = await take(command, path)
    noted.value = imported
    return imported
  }

  function dismiss(): void {
    noted.value = null
  }

  return { question, noted, bringIn, dismiss }
})
