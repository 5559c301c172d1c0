/** The analyst's decoders (decoder.ts): a few processes that share the images of a folder. */
import { type ChildProcess, fork } from 'child_process'
import { cpus } from 'os'
import { fromErrorMessage, labError, type LabError } from '../contract/errors'
import { bytesArgument, type DecoderRequest, decoderReplySchema, serviceVariable } from '../contract/worker'
import type { PhotoReaders } from '../data/image-folder'
import type { Photo } from '../data/photo'

/** Fewer images are read in this process: a decoder takes a second to load TensorFlow. */
const leastImages = 100
/** Each takes some 80 MB beside TensorFlow's library, which they share. */
const mostReaders = 3
/** Shorter than the service waits for the analyst, which a blocked decoder would outlive. */
const secondsToRead = 50

/**
 * Memory of an image is returned to the system as soon as it is freed. Otherwise glibc raises the size from which it does so
 * to that of the largest image, and keeps the rest: 30 MB more for two decoders of 12-megapixel photos.
 */
const allocation = { MALLOC_MMAP_THRESHOLD_: String(2 ** 18), MALLOC_TRIM_THRESHOLD_: String(2 ** 18) }

/** Node passes bytes between processes from 12.16 on; the oldest Electron has 12.14. */
const passesBytes = parseInt(process.versions.node, 10) >= 14

interface Job {
  readonly request: DecoderRequest
  resolve(photo: Photo): void
  reject(error: LabError): void
}

interface Reader {
  work(job: Job): void
  isIdle(): boolean
}

/** @param next called when the reader can take another job */
function startReader(next: () => void): Reader {
  let child: ChildProcess | null = null
  let job: Job | null = null
  let tooLong: NodeJS.Timeout | undefined

  function take(): Job | null {
    const before = job
    clearTimeout(tooLong)
    job = null
    return before
  }

  function fail(error: LabError): void {
    take()?.reject(error)
    next()
  }

  function hear(message: unknown): void {
    const reply = decoderReplySchema.parse(message)
    if (reply.id !== job?.request.id) return
    if ('error' in reply) return fail(fromErrorMessage(reply.error))
    const { facts, pixels } = reply
    take()?.resolve({
      ...facts,
      pixels: typeof pixels === 'string' ? Buffer.from(pixels, 'base64') : pixels,
    })
    next()
  }

  function running(): ChildProcess {
    if (child !== null) return child
    const started = fork(`${__dirname}/decoder.cjs`, passesBytes ? [bytesArgument] : [], {
      ...(passesBytes ? { serialization: 'advanced' as const } : {}),
      env: { ...process.env, ...allocation, [serviceVariable]: String(process.pid) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    started.on('message', hear)
    const died = (signal: string) => {
      if (child !== started) return
      child = null
      const file = job?.request.stated.file ?? ''
      fail(labError('reader-died', { file, signal }))
    }
    started.once('error', (error) => died(error.message))
    started.once('exit', (code, signal) => died(signal ?? `exit ${String(code)}`))
    child = started
    return started
  }

  return {
    isIdle: () => job === null,
    work(given) {
      job = given
      running().send(given.request, () => undefined)
      tooLong = setTimeout(() => {
        child?.kill('SIGKILL')
        child = null
        fail(labError('reading-too-long', { file: given.request.stated.file, seconds: secondsToRead }))
      }, 1000 * secondsToRead)
    },
  }
}

function startReaders(count: number): PhotoReaders {
  const waiting: Job[] = []
  let lastId = 0
  const readers = Array.from({ length: count }, () => startReader(next))
  function next(): void {
    for (const reader of readers) {
      const job = reader.isIdle() ? waiting.shift() : undefined
      if (job === undefined) continue
      reader.work(job)
    }
  }
  return {
    count,
    read: (stated, channels) =>
      new Promise((resolve, reject) => {
        waiting.push({ request: { id: ++lastId, stated, channels }, resolve, reject })
        next()
      }),
  }
}

let started: PhotoReaders | null = null

/** The decoders, which stay until this process ends; null for a few images, or on a single processor. */
export function photoReaders(images: number): PhotoReaders | null {
  const count = Math.min(mostReaders, cpus().length)
  if (images < leastImages || count < 2) return null
  return (started ??= startReaders(count))
}
