/**
 * Store of the run that is shown, live or finished: its history, and the pictures of one of its rounds. Events are
 * collected as they arrive and shown at most once a second.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Images } from '../../src/contract/dataset'
import type { LabEvent } from '../../src/contract/lab'
import type { RoundView, RunSummary } from '../../src/contract/run'
import type { Progress } from '../../src/contract/training'
import { isEnding, type RecordedEvent, type RunRecord } from '../../src/contract/record'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'
import { paced } from '../theme/pace'
import { useCatalogue } from './catalogue'
import { gatherHistory, noHistory, type History } from './history'
import { useHost } from './host'
import { useNotices } from './notices'
import { useRuns } from './runs'

/** Each view is 0.2 MB, and quick to read again. */
const viewsKept = 8
const maxViewAttempts = 3

/** Phase and round of a run in progress. */
export type Stage = Pick<Progress, 'phase' | 'round' | 'rounds'>

export const useWatched = defineStore('watched', () => {
  const { lab } = useHost()
  const notices = useNotices()
  const runs = useRuns()
  const catalogue = useCatalogue()

  const id = ref<string | null>(null)
  const record = shallowRef<RunRecord | null>(null)
  const openedSummary = shallowRef<RunSummary | null>(null)
  const history = shallowRef<History>(noHistory)
  const images = shallowRef<{ source: Images; target: Images } | null>(null)
  /** Why the images cannot be loaded: the datasets of a run may have been deleted. */
  const imagesError = shallowRef<ErrorMessage | null>(null)
  /** The round selected by the user; null follows the newest. */
  const chosenRound = ref<number | null>(null)
  const view = shallowRef<RoundView | null>(null)

  let gathered = gatherHistory()
  /** Events that arrive while the history is being read; null otherwise. */
  let meanwhile: RecordedEvent[] | null = null
  const views = new Map<number, RoundView>()

  function showHistory(): void {
    history.value = gathered.now()
  }
  const followHistory = paced(showHistory)

  const summary = computed(() =>
    id.value === null ? null : (runs.byId.get(id.value) ?? openedSummary.value),
  )
  const progress = computed(() => (id.value === null ? null : (runs.progress.get(id.value) ?? null)))
  const running = computed(() => summary.value?.state === 'running')
  const last = computed(() => history.value.rounds[history.value.rounds.length - 1] ?? null)
  const lastRound = computed(() => last.value?.round ?? null)
  const experiment = computed(() => record.value?.experiment ?? null)
  /**
   * Phase and round of the run; null when it is not training. For a run of another program they are derived from its
   * events.
   */
  const stage = computed<Stage | null>(() => {
    if (!running.value) return null
    if (progress.value !== null) return progress.value
    const rounds = experiment.value?.adaptation.epochs ?? 0
    if (last.value !== null)
      return { phase: 'adaptation', round: Math.min(last.value.round + 1, rounds), rounds }
    const phase = history.value.sourceLosses.length > 0 ? 'source' : 'loading'
    return { phase, round: 0, rounds }
  })
  const method = computed(() => catalogue.methodById.get(experiment.value?.adaptation.method ?? '') ?? null)
  const shownRound = computed(() => chosenRound.value ?? lastRound.value)
  const shown = computed(() => history.value.rounds.find((event) => event.round === shownRound.value) ?? null)
  const before = computed(() => history.value.rounds.find((event) => event.round === 0) ?? null)

  async function loadImages(run: string): Promise<void> {
    try {
      const found = await lab.call('viewImages', { run })
      if (id.value === run) images.value = found
    } catch (error) {
      if (id.value === run) imagesError.value = toErrorMessage(error)
    }
  }

  /** Reloads the images when a missing dataset is available again. */
  watch(
    () => catalogue.datasets,
    () => {
      if (id.value === null || imagesError.value === null) return
      imagesError.value = null
      void loadImages(id.value)
    },
  )

  /** A view is written shortly after its round is recorded, so a missing one is requested again. */
  async function loadView(run: string, round: number, attempt = 1): Promise<void> {
    const found = views.get(round) ?? (await lab.call('view', { run, round }))
    if (id.value !== run) return
    if (found !== null) {
      views.set(round, found)
      if (views.size > viewsKept) views.delete([...views.keys()][0] ?? -1)
    } else if (attempt < maxViewAttempts) {
      setTimeout(() => void notices.read('view', () => loadView(run, round, attempt + 1)), 500 * attempt)
      return
    }
    if (id.value === run && shownRound.value === round) view.value = found
    if (found !== null && images.value === null && imagesError.value === null) await loadImages(run)
  }

  watch([id, shownRound], ([run, round]) => {
    if (run === null || round === null) view.value = null
    else void notices.read('view', () => loadView(run, round))
  })

  async function open(run: string): Promise<void> {
    id.value = run
    chosenRound.value = null
    gathered = gatherHistory()
    meanwhile = null
    views.clear()
    history.value = noHistory
    images.value = null
    imagesError.value = null
    view.value = null
    record.value = null
    const opened = await lab.call('run', { run })
    if (id.value !== run) return
    record.value = opened.record
    openedSummary.value = opened.summary
    await readPast(run)
  }

  /** Reads the recorded events and appends those that arrived meanwhile, even if reading fails. */
  async function readPast(run: string): Promise<void> {
    const arriving: RecordedEvent[] = (meanwhile = [])
    let past: readonly RecordedEvent[] = []
    try {
      past = await lab.call('history', { run })
    } finally {
      // Skipped if another run was opened, or the same run again.
      if (meanwhile === arriving) {
        meanwhile = null
        gathered = gatherHistory()
        // Events that arrived during reading may be in both lists.
        const known = new Set(past.map((event) => JSON.stringify(event)))
        const added = arriving.filter((event) => !known.has(JSON.stringify(event)))
        for (const event of [...past, ...added]) gathered.add(event)
        showHistory()
      }
    }
  }

  async function refresh(): Promise<void> {
    const run = id.value
    if (run === null) return
    const opened = await lab.call('run', { run })
    if (id.value === run) {
      record.value = opened.record
      openedSummary.value = opened.summary
    }
  }

  function close(): void {
    id.value = null
    record.value = null
    history.value = noHistory
    view.value = null
    images.value = null
    imagesError.value = null
  }

  function receive(event: LabEvent): void {
    if (event.type !== 'recorded') return
    const { event: recorded } = event
    if (event.run !== id.value) return
    if (meanwhile === null) gathered.add(recorded)
    else meanwhile.push(recorded)
    if (recorded.type === 'round') views.delete(recorded.round)
    if (recorded.type === 'attempt' && recorded.verdict === 'restarted') views.clear()
    // A finished run is shown completely at once.
    if (isEnding(recorded)) showHistory()
    else followHistory()
  }

  return {
    id,
    record,
    summary,
    stage,
    running,
    experiment,
    method,
    history,
    images,
    imagesError,
    view,
    chosenRound,
    shownRound,
    lastRound,
    shown,
    before,
    last,
    open,
    refresh,
    close,
    receive,
  }
})
