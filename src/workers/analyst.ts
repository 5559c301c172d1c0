/**
 * The analyst: a worker process that answers questions about checkpoints and datasets, one at a time. It loads
 * TensorFlow with the first task that needs it. It reads files of unknown origin, so that a malicious file can crash
 * this process only.
 */
import { labError, toErrorMessage } from '../contract/errors'
import { describeIssue } from '../contract/issue'
import {
  analystRequestSchema,
  analystTasks,
  type AnalystOrder,
  type AnalystOutput,
  type AnalystReply,
  type AnalystRequest,
  type AnalystTask,
} from '../contract/worker'
import { drawnOfEach } from '../data/domain'
import type { Reading, ReadingProgress } from '../data/reading'
import { endProcess, noteDefect, openChannel } from './channel'
import {
  checkFit,
  copyWeights,
  describeCheckpoint,
  describePause,
  describeWeights,
  findHeld,
  show,
} from './checkpoints'
import { bringIn, compareDataset, describeDataset, galleryOf, imagesOfViews, lookAt } from './dataset-tasks'
import { decodeImage } from './decode-image'
import { endWithService } from './end-with-service'
import { loadTensorFlow } from './native'

type Tasks = {
  readonly [K in AnalystTask]: (
    order: AnalystOrder<K>,
    reading: Reading,
    progress: ReadingProgress,
  ) => Promise<AnalystOutput<K>>
}

/**
 * Modules that compute are imported with the first task that needs them: a gallery is shown without waiting for
 * TensorFlow.
 */
const tasks: Tasks = {
  describeDataset,
  showCheckpoint: show,
  describeCheckpoint,
  checkFit,
  findHeld,
  describeWeights,
  copyWeights,
  describePause,
  evaluate: async (order, reading) =>
    (await import('./evaluate-checkpoint')).evaluateCheckpoint(order, reading),
  gallery: galleryOf,
  drawnOfEach: ({ domain, datasets }, reading) =>
    drawnOfEach(domain, { datasets, decode: decodeImage, reading }),
  viewImages: imagesOfViews,
  previewDataset: lookAt,
  importDataset: bringIn,
  compareDataset,
  exportCheckpoint: async (order, reading) =>
    (await import('./export-checkpoint')).exportCheckpoint(order, reading),
  machinery: async ({ threads }) => (await loadTensorFlow(threads)).machinery,
}

endWithService()

/** One task at a time: two parallel evaluations would need twice the memory and take as long. */
let last: Promise<void> = Promise.resolve()

const channel = openChannel<AnalystRequest, AnalystReply>(analystRequestSchema, {
  request(request) {
    last = last.then(() => answer(request))
  },
  refused(message, problem) {
    const error = labError('contract-violation', { where: 'analyst', problem })
    process.stderr.write(`${error.message}\n`)
    const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : null
    if (typeof id === 'number') channel.send({ id, error: toErrorMessage(error) })
  },
  closed: endProcess,
})

async function answer({ id, task, input }: AnalystRequest): Promise<void> {
  try {
    const reading: Reading = (file) => channel.send({ id, reading: file })
    const progress = spaced((done, total) => channel.send({ id, done, total }))
    channel.send({ id, output: await perform(task, input, reading, progress) })
  } catch (error) {
    noteDefect(error)
    channel.send({ id, error: toErrorMessage(error) })
  }
}

/** Milliseconds between two reports of progress. */
const reportEvery = 100

/** Passes on the first report, the last one, and at most ten a second between them. */
function spaced(report: ReadingProgress): ReadingProgress {
  let last = -Infinity
  return (done, total) => {
    const now = Date.now()
    if (now - last < reportEvery && done !== total) return
    last = now
    report(done, total)
  }
}

function perform<K extends AnalystTask>(
  task: K,
  input: unknown,
  reading: Reading,
  progress: ReadingProgress,
): Promise<unknown> {
  const checked = analystTasks[task].input.safeParse(input)
  if (checked.success) return tasks[task](checked.data as AnalystOrder<K>, reading, progress)
  throw labError('contract-violation', { where: task, problem: describeIssue(checked.error) })
}
