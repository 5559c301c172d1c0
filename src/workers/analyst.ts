/**
 * The analyst: a process that answers questions about checkpoints and datasets, one after the other, and loads
 * TensorFlow with the first that needs it. It may die of a file that someone made to kill it; nothing else does.
 */
import { labError, toErrorMessage } from '../contract/errors'
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
import type { DecodeImage } from '../data/image-folder'
import { endProcess, noteDefect, openChannel } from './channel'
import { bringIn, galleryOf, imagesOfViews, lookAt } from './datasets'
import { decodeImage } from './decode-image'
import { loadTensorFlow } from './native'

type Tasks = {
  readonly [K in AnalystTask]: (order: AnalystOrder<K>, decode: DecodeImage) => Promise<AnalystOutput<K>>
}

/** What computes is imported when it is asked for: a gallery is to be seen before TensorFlow is there. */
const tasks: Tasks = {
  evaluate: async (order) => (await import('./evaluate-checkpoint')).evaluateCheckpoint(order),
  gallery: galleryOf,
  drawnOfEach: ({ domain, datasets }, decode) => drawnOfEach(domain, { datasets, decode }),
  viewImages: imagesOfViews,
  previewDataset: lookAt,
  importDataset: bringIn,
  exportTfjs: async (order) => (await import('./export-tfjs')).exportTfjs(order),
  machinery: async ({ threads }) => (await loadTensorFlow(threads)).machinery,
}

/** One at a time: two evaluations side by side would need twice the memory and be no sooner done. */
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
    channel.send({ id, output: await perform(task, input, decodeFor(id)) })
  } catch (error) {
    noteDefect(error)
    channel.send({ id, error: toErrorMessage(error) })
  }
}

/** Says which image comes next before it is decoded. */
function decodeFor(id: number): DecodeImage {
  return (bytes, file) => {
    channel.send({ id, reading: file })
    return decodeImage(bytes, file)
  }
}

function perform<K extends AnalystTask>(task: K, input: unknown, decode: DecodeImage): Promise<unknown> {
  const checked = analystTasks[task].input.safeParse(input)
  if (checked.success) return tasks[task](checked.data as AnalystOrder<K>, decode)
  throw labError('contract-violation', { where: task, problem: checked.error.message })
}
