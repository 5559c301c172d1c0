/**
 * Imports a file or folder without a dialog: under the name that it has, by the choices made so far. A question that
 * the reading asks is its error; an answer reads it again.
 */
import { ref, shallowRef } from 'vue'
import { proposedName } from '../../src/contract/dataset-name'
import type { DatasetSummary } from '../../src/contract/dataset'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'
import { noChoices, type Choices, type ReadingProgress } from '../../src/contract/reading'
import { shownError } from '../lab/uploads'
import { useCatalogue } from './catalogue'
import { useHost } from './host'

export type Bringing = ReturnType<typeof useBringing>

/** @param unnamed the name of a dataset whose file name has no valid character */
export function useBringing(unnamed: () => string) {
  const { lab } = useHost()
  const catalogue = useCatalogue()
  const dataset = shallowRef<DatasetSummary | null>(null)
  const error = shallowRef<ErrorMessage | null>(null)
  const choices = shallowRef<Choices>(noChoices)
  const progress = shallowRef<ReadingProgress | null>(null)
  const busy = ref(false)
  /** Path of the file or folder that is read or was refused. */
  const path = ref<string | null>(null)
  let latest = 0

  /** The dataset that was imported from this path, if nothing has changed there since. */
  async function present(from: string): Promise<DatasetSummary | null> {
    const known = catalogue.datasets.find((one) => one.from === from)
    if (known === undefined) return null
    const changes = await lab.call('compareDataset', { path: from, id: known.id, choices: choices.value })
    return changes === null ? known : null
  }

  async function importFrom(from: string): Promise<DatasetSummary> {
    const endings = catalogue.formats.flatMap((format) => format.endings)
    const taken = catalogue.datasets.map(({ id }) => id)
    const name = proposedName(from.replace(/[\\/]+$/, ''), taken, unnamed(), endings)
    return lab.call('importDataset', { path: from, name, choices: choices.value })
  }

  async function read(from: string): Promise<DatasetSummary> {
    const leave = lab.subscribe((event) => {
      if (event.type === 'reading' && event.path === from) progress.value = event.progress
    })
    try {
      const found = (await present(from)) ?? (await importFrom(from))
      await catalogue.loadDatasets()
      return found
    } finally {
      leave()
    }
  }

  /** Runs one action at a time; an earlier one that ends later changes nothing. */
  async function attempt(action: () => Promise<DatasetSummary | null>): Promise<DatasetSummary | null> {
    const mine = ++latest
    busy.value = true
    error.value = null
    progress.value = null
    try {
      const found = await action()
      if (mine !== latest) return null
      if (found !== null) dataset.value = found
      return found
    } catch (problem) {
      if (mine !== latest) return null
      const message = toErrorMessage(problem)
      error.value = path.value === null ? message : shownError(message, path.value)
      return null
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  /** @param take gives the path; null if the user chose none, which changes nothing */
  function bring(take: () => Promise<string | null>): Promise<DatasetSummary | null> {
    path.value = null
    return attempt(async () => {
      const from = await take()
      if (from === null) return null
      path.value = from
      choices.value = noChoices
      dataset.value = null
      return read(from)
    })
  }

  function answer(given: Partial<Choices>): Promise<DatasetSummary | null> {
    const { value: from } = path
    if (from === null) return Promise.resolve(null)
    choices.value = { ...choices.value, ...given }
    return attempt(() => read(from))
  }

  /** Takes a dataset that the lab has, or none; what is being read has no effect any more. */
  function use(known: DatasetSummary | null): void {
    latest++
    busy.value = false
    error.value = null
    path.value = null
    dataset.value = known
  }

  function refuse(problem: unknown): void {
    error.value = toErrorMessage(problem)
  }

  function clear(): void {
    error.value = null
  }

  async function cancel(): Promise<void> {
    if (busy.value && path.value !== null) await lab.call('cancelReading', { path: path.value })
  }

  return { dataset, error, choices, progress, busy, path, bring, answer, use, refuse, clear, cancel }
}
