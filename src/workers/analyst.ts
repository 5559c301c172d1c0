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
import { drawnOfEach, outsideOf } from '../data/domain'
import { giveLabels, importLabels, readLabels } from '../data/labels'
import { bringIn as bringBackboneIn, listOfBackbones } from './backbones'
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
import { type Report, reportTo } from './reading-report'

type Tasks = {
  readonly [K in AnalystTask]: (order: AnalystOrder<K>, report: Report) => Promise<AnalystOutput<K>>
}

/**
 * Modules that compute are imported with the first task that needs them: a gallery is shown without waiting for
 * TensorFlow.
 */
const tasks: Tasks = {
  describeDataset: (order, { reading }) => describeDataset(order, reading),
  showCheckpoint: show,
  describeCheckpoint,
  checkFit,
  findHeld,
  describeWeights,
  copyWeights,
  describePause,
  listBackbones: listOfBackbones,
  importBackbone: bringBackboneIn,
  evaluate: async (order, { reading }) =>
    (await import('./evaluate-checkpoint')).evaluateCheckpoint(order, reading),
  gallery: (order, { reading }) => galleryOf(order, reading),
  drawnOfEach: ({ domain, datasets }, { reading }) =>
    drawnOfEach(domain, { datasets, decode: decodeImage, reading }),
  samplesOutside: ({ domain, samples, datasets }, { reading }) =>
    outsideOf(domain, samples, { datasets, decode: decodeImage, reading }),
  readLabels: ({ dataset, classes, datasets }) => readLabels(dataset, datasets, classes),
  giveLabels: ({ dataset, labels, datasets }) => giveLabels(dataset, labels, datasets),
  importLabels: ({ dataset, path, classes, datasets }) => importLabels(dataset, path, classes, datasets),
  proposeLabels: async (order, { reading }) =>
    (await import('./propose-labels')).proposeLabels(order, reading),
  viewImages: (order, { reading }) => imagesOfViews(order, reading),
  previewDataset: lookAt,
  importDataset: bringIn,
  compareDataset: (order, { reading }) => compareDataset(order, reading),
  predict: async (order, report) => (await import('./predict-dataset')).predictDataset(order, report),
  writePredictions: async (order, report) =>
    (await import('./write-predictions')).writePredictions(order, report),
  inspect: async (order, { reading }) => (await import('./inspect-sample')).inspectSample(order, reading),
  thumbnails: async (order, { reading }) => (await import('./thumbnails')).thumbnailsOf(order, reading),
  exportCheckpoint: async (order, { reading }) =>
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
    channel.send({ id, output: await perform(task, input, reportTo(channel, id)) })
  } catch (error) {
    noteDefect(error)
    channel.send({ id, error: toErrorMessage(error) })
  }
}

function perform<K extends AnalystTask>(task: K, input: unknown, report: Report): Promise<unknown> {
  const checked = analystTasks[task].input.safeParse(input)
  if (checked.success) return tasks[task](checked.data as AnalystOrder<K>, report)
  throw labError('contract-violation', { where: task, problem: describeIssue(checked.error) })
}
