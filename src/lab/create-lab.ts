/** The lab service: answers every command of the contract. It is the only part that manages runs and files. */
import { resolve } from 'path'
import { annotate } from '../checkpoints/annotations'
import { lockHolder } from '../checkpoints/lock'
import { readRecord } from '../checkpoints/run-record'
import { applyRetention, freeable, type Keep } from '../checkpoints/retention'
import { findRun, listRuns, lockRun } from '../checkpoints/runs'
import { summarise } from '../checkpoints/summary'
import { deleteTrashedRuns, listTrash, restoreRun, trashRun } from '../checkpoints/trash'
import { readView } from '../checkpoints/views'
import { refusalsBy } from '../contract/check'
import { fromErrorMessage, labError, type LabError } from '../contract/errors'
import { describeIssue } from '../contract/issue'
import type { GuardedLab } from '../contract/answer'
import { commands, type CommandName, type CommandOutput, type LabEvent } from '../contract/lab'
import type { RunSummary } from '../contract/run'
import { listDatasets } from '../data/open-dataset'
import { listFormats } from '../data/formats/list'
import { deleteTrashedDatasets, restoreDataset } from '../data/dataset-trash'
import { listPresets } from '../data/presets'
import { listTrashedDatasets } from '../data/trashed'
import type { z } from 'zod'
import { createAnalyst } from './analyst'
import { cardOf } from './card'
import { readMethods } from './catalogue'
import { checkpointsOf, exportCheckpoint, importCheckpoint } from './checkpoints'
import { compare } from './compare'
import { removeLeftoversOf } from '../files/atomic'
import { reportCrash } from './crash-reports'
import { contrast } from './contrast'
import { contrastSeeds } from './contrast-seeds'
import { dataFolderFor, foldersIn, settingsFileFor } from './data-folder'
import { datasetUse, discardDataset } from './datasets'
import { examine } from './doctor'
import { evaluate } from './evaluation'
import { createEvents } from './events'
import { checkExperiment } from './experiments'
import { createGathering, type Gathering } from './gather'
import { historyOf } from './history'
import { openLog } from './log'
import { matrixOf } from './matrix'
import { allowPaths, isElsewhere, pathsToAllow, requireAllowed } from './named-paths'
import { openCheckpoint } from './open'
import { proposeLabels } from './proposals'
import type { LabContext } from './context'
import { inspect, predict, writePredictions } from './predictions'
import { createQueue, type Queue } from './queue'
import { writeReport } from './report'
import { resume } from './resume'
import { openSettings } from './settings'
import { estimate, start } from './start'
import { addTimings } from './timings'
import { createTrainings } from './training'
import { validate } from './validate'
import { watchRuns } from './watch-runs'
import type { WorkerLog } from './worker-process'

export interface LabOptions {
  /** The folder of the bundled programs: trainer.cjs, analyst.cjs and methods.json. */
  readonly workers: string
  /** Folder for data and settings; by default DALAB_DATA, else the system's folders. */
  readonly dataFolder?: string | undefined
  /** The executable that runs the workers; by default the one that runs this program. */
  readonly execPath?: string
}

export interface OpenLab extends GuardedLab {
  /** Stops the current training after saving its state, and ends the workers. */
  close(): Promise<void>
}

type Checked<K extends CommandName> = z.output<(typeof commands)[K]['input']>
type Handlers = { readonly [K in CommandName]: (input: Checked<K>) => Promise<CommandOutput<K>> }

export async function createLab(options: LabOptions): Promise<OpenLab> {
  const requestedFolder = options.dataFolder === undefined ? undefined : resolve(options.dataFolder)
  const events = createEvents()
  const settings = await openSettings(settingsFileFor(requestedFolder), dataFolderFor(requestedFolder))
  const methods = await readMethods(options.workers)
  const folders = () => foldersIn(settings.current().dataFolder)
  const programs = { workers: options.workers, execPath: options.execPath ?? process.execPath }
  const log = openLog(() => folders().logs)
  /** Runs for which this lab has emitted an event since `watch` last polled; `watch` does not report them again. */
  const reported = new Set<string>()
  function emitFromTraining(event: LabEvent): void {
    if ('run' in event) reported.add(event.run)
    events.emit(event)
  }
  const workerLog: WorkerLog = {
    log,
    crashed: (worker, code) => void reportCrash(folders().logs, { process: worker, code }),
  }
  const trainings = createTrainings(programs, emitFromTraining, workerLog, (timings) =>
    addTimings(folders().data, timings),
  )
  const context: LabContext = {
    settings,
    methods,
    trainings,
    analyst: createAnalyst(programs, workerLog, undefined, (path, progress) =>
      events.emit({ type: 'reading', path, progress }),
    ),
    predictions: createAnalyst(programs, workerLog, undefined, (checkpoint, progress) =>
      events.emit({ type: 'predicting', checkpoint, progress }),
    ),
    folders,
    threads: () => settings.current().threads,
    emit: events.emit,
  }
  const watch = watchRuns(
    () => folders().data,
    (run) => reported.delete(run) || trainings.active() === run,
    events.emit,
  )
  const queue = createQueue({
    dataFolder: () => folders().data,
    isBusy: () => trainings.active() !== null,
    start: (experiment) => start(context, experiment),
    resume: (run) => resume(context, { run }),
    changed: () => events.emit({ type: 'queue-changed' }),
    log,
  })
  events.subscribe(queue.hear)
  const gathering = createGathering()
  const handlers = handlersOf(context, queue, gathering)

  return {
    async call(name, input) {
      const checked = commands[name].input.safeParse(input)
      if (!checked.success) throw inputError(name, input, checked.error)
      return handle(handlers, name, checked.data as Checked<typeof name>)
    },
    subscribe: events.subscribe,
    log,
    async close() {
      watch.close()
      await queue.rest()
      await trainings.close()
      await queue.leave()
      await context.analyst.close()
      await context.predictions.close()
      await gathering.close()
    },
  }
}

/**
 * The error for input that does not fit the command's schema. A number or a length out of bounds can be the user's
 * input; any other mismatch is a defect of the calling program.
 */
function inputError(name: CommandName, input: unknown, error: z.ZodError): LabError {
  const [first] = refusalsBy(commands[name].input, input).values()
  return first?.code === 'out-of-range'
    ? fromErrorMessage(first)
    : labError('contract-violation', { where: name, problem: describeIssue(error) })
}

function handle<K extends CommandName>(
  handlers: Handlers,
  name: K,
  input: Checked<K>,
): Promise<CommandOutput<K>> {
  return handlers[name](input)
}

const ruleFor = (keep: 'best-and-last' | 'last'): Keep => (keep === 'last' ? { keep } : { keep, nth: 1 })

function handlersOf(context: LabContext, queue: Queue, gathering: Gathering): Handlers {
  const { analyst, methods, trainings, settings } = context
  const data = () => context.folders().data
  const datasets = () => context.folders().datasets
  const folderOf = (run: string) => findRun(data(), run)
  const runsChanged = () => context.emit({ type: 'runs-changed' })
  const datasetsChanged = () => context.emit({ type: 'datasets-changed' })
  /** A run trained by this lab is not shown as held by another process. */
  const withoutOwnLock = (summary: RunSummary): RunSummary =>
    summary.id === trainings.active() ? { ...summary, heldBy: null } : summary

  return {
    presets: listPresets,
    methods: () => Promise.resolve([...methods]),
    datasets: () => listDatasets(datasets()),
    gallery: (input) => analyst.ask('gallery', { ...input, datasets: datasets() }),
    formats: () => Promise.resolve(listFormats()),
    previewDataset: (input) => analyst.ask('previewDataset', input),
    gatherFiles: gathering.gather,
    compareDataset: (input) => analyst.ask('compareDataset', { ...input, datasets: datasets() }),
    async importDataset(input) {
      const folder = datasets()
      try {
        const imported = await analyst.ask('importDataset', { ...input, datasets: folder })
        datasetsChanged()
        return imported
      } catch (error) {
        // A cancelled or crashed analyst cannot remove what it had begun to write.
        await removeLeftoversOf(folder, analyst.ended())
        throw error
      }
    },
    backbones: () => analyst.ask('listBackbones', { folder: context.folders().backbones }),
    importBackbone: (input) =>
      analyst.ask('importBackbone', { ...input, folder: context.folders().backbones }),
    cancelReading({ path }) {
      analyst.cancel(path)
      return Promise.resolve({})
    },
    datasetUse: ({ id }) => datasetUse(context, queue, id),
    async trashDataset({ id }) {
      const trashed = await discardDataset(context, id)
      datasetsChanged()
      return trashed
    },
    trashedDatasets: () => listTrashedDatasets(datasets()),
    async restoreDataset({ name }) {
      const id = await restoreDataset(name, datasets())
      datasetsChanged()
      return { id }
    },

    labels: (input) => analyst.ask('readLabels', { ...input, datasets: datasets() }),
    label: (input) => analyst.ask('giveLabels', { ...input, datasets: datasets() }),
    importLabels: (input) => analyst.ask('importLabels', { ...input, datasets: datasets() }),
    proposeLabels: (input) => proposeLabels(context, input),

    check: ({ experiment }) => checkExperiment(context, experiment),
    estimate: ({ experiment }) => estimate(context, experiment),
    start: ({ experiment }) => start(context, experiment),
    async control({ run, action }) {
      const folder = await folderOf(run)
      const holder = trainings.active() === run ? null : await lockHolder(folder)
      if (holder !== null) throw labError('run-locked', { run, pid: holder.pid })
      trainings.control(run, action)
      return {}
    },
    resume: (input) => resume(context, input),

    queue: queue.list,
    enqueue: async ({ name, experiments }) => {
      const checked = []
      for (const experiment of experiments) checked.push(await checkExperiment(context, experiment))
      return { series: await queue.add(name, checked) }
    },
    async cancelQueued({ series, numbers }) {
      await queue.cancel(series, numbers)
      return {}
    },
    async requeue({ series, numbers }) {
      await queue.requeue(series, numbers)
      return {}
    },
    async proceed({ series }) {
      await queue.proceed(series)
      return {}
    },
    async dismiss({ series }) {
      await queue.dismiss(series)
      return {}
    },

    runs: async () => (await listRuns(data())).map(withoutOwnLock),
    async run({ run }) {
      const folder = await folderOf(run)
      const summary = withoutOwnLock(await summarise(folder))
      const record = summary.state === 'damaged' ? null : await readRecord(folder)
      const paths = record === null ? [] : await pathsToAllow(folder, record)
      return {
        summary,
        record,
        pathsToAllow: paths.map((path) => ({ path, elsewhere: isElsewhere(path) })),
      }
    },
    async allowPaths({ run, paths }) {
      await allowPaths(await folderOf(run), paths)
      runsChanged()
      return {}
    },
    history: async ({ run }) => historyOf(await folderOf(run)),
    view: async ({ run, round }) => readView(await folderOf(run), round),
    async viewImages({ run }) {
      const folder = await folderOf(run)
      const record = await readRecord(folder)
      await requireAllowed(folder, record)
      const { experiment } = record
      return analyst.ask('viewImages', { experiment, datasets: datasets() })
    },
    compare: ({ runs }) => compare(context, runs),
    card: ({ runs }) => cardOf(context, runs),
    matrix: () => matrixOf(context),
    validators: (input) => validate(context, input),
    async annotate({ run, ...changes }) {
      const folder = await folderOf(run)
      await annotate(folder, changes)
      runsChanged()
      return summarise(folder)
    },

    checkpoints: ({ run }) => checkpointsOf(context, run),
    show: (input) => analyst.ask('showCheckpoint', input),
    evaluate: (input) => evaluate(context, input),
    contrast: (input) => contrast(context, input),
    contrastSeeds: (input) => contrastSeeds(context, input),
    predict: (input) => predict(context, input),
    writePredictions: (input) => writePredictions(context, input),
    inspect: (input) => inspect(context, input),
    thumbnails: (input) => analyst.ask('thumbnails', { ...input, datasets: datasets() }),
    cancelPrediction({ checkpoint }) {
      context.predictions.cancel(checkpoint)
      return Promise.resolve({})
    },
    export: (input) => exportCheckpoint(context, input),
    async import(input) {
      const imported = await importCheckpoint(context, input)
      runsChanged()
      return imported
    },
    async open(input) {
      const opened = await openCheckpoint(context, input)
      runsChanged()
      return opened
    },

    async trash({ run }) {
      await trashRun(data(), run)
      runsChanged()
      return {}
    },
    trashed: () => listTrash(data()),
    async restore({ run }) {
      await restoreRun(data(), run)
      runsChanged()
      return {}
    },
    async emptyTrash(names) {
      const ofRuns = await deleteTrashedRuns(names.runs, data())
      const ofDatasets = await deleteTrashedDatasets(names.datasets, datasets())
      runsChanged()
      datasetsChanged()
      return { bytes: ofRuns + ofDatasets }
    },
    freeable: async ({ run, keep }) => freeable(await folderOf(run), ruleFor(keep)),
    async free({ run, keep, rounds }) {
      const folder = await folderOf(run)
      const release = await lockRun(folder)
      try {
        const bytes = await applyRetention(folder, ruleFor(keep), rounds)
        runsChanged()
        return { bytes }
      } finally {
        await release()
      }
    },

    settings: () => Promise.resolve(settings.current()),
    async changeSettings(changes) {
      const active = trainings.active()
      if (changes.dataFolder !== undefined && active !== null) throw labError('run-running', { run: active })
      const current = await settings.change(changes)
      if (changes.dataFolder !== undefined) await queue.leave()
      context.emit({ type: 'settings-changed', settings: current })
      runsChanged()
      return current
    },
    doctor: () => examine(context),
    report: (input) => writeReport(context, input),
  }
}
