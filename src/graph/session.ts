/**
 * A TensorFlow session on a graph. The graph is passed through a temporary folder, deleted at once, and run by the
 * names of its nodes. The graph's variables exist until the session is closed.
 */
import { mkdtempSync, rmdirSync, unlinkSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import type { Tensor } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import type { Node } from './graph-def'
import { encodeSavedModel, graphTag } from './graph-def'
import { nativeBackend } from '../native/backend'
import type { Call } from './program'

export interface Session {
  /** Feeds the inputs and returns the fetched tensors, both in order; the caller disposes the results. */
  run(call: Call, inputs: readonly Tensor[]): Tensor[]
  close(): void
}

function refused(error: unknown): Error {
  return labError('graph-refused', { problem: error instanceof Error ? error.message : String(error) })
}

function load(nodes: readonly Node[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'domain-adaptation-lab-graph-'))
  const file = join(folder, 'saved_model.pb')
  try {
    writeFileSync(file, encodeSavedModel(nodes))
    return nativeBackend().loadSavedModelMetaGraph(folder, graphTag)
  } finally {
    unlinkSync(file)
    rmdirSync(folder)
  }
}

/** @throws `graph-refused` with TensorFlow's message, here and in `run`. */
export function openSession(nodes: readonly Node[]): Session {
  let session: number
  try {
    session = load(nodes)
  } catch (error) {
    throw refused(error)
  }
  return {
    run({ feeds, fetches }, inputs) {
      const names = feeds.map((name) => ({ name }))
      try {
        return nativeBackend().runSavedModel(session, inputs, names, fetches)
      } catch (error) {
        throw refused(error)
      }
    },
    close() {
      nativeBackend().deleteSavedModel(session)
    },
  }
}
