/**
 * A decoder: a process of the analyst that reads images for it, one after another. The native decoders block the thread
 * that calls them; several processes use several processors, and a malicious file crashes one of them only.
 */
import { toErrorMessage } from '../contract/errors'
import {
  bytesArgument,
  type DecoderReply,
  type DecoderRequest,
  decoderRequestSchema,
} from '../contract/worker'
import { readPhoto } from '../data/photo'
import { endProcess, noteDefect, openChannel } from './channel'
import { decodeImage } from './decode-image'
import { endWithService } from './end-with-service'

/** Whether the analyst has opened a channel of bytes (photo-readers.ts). */
const passesBytes = process.argv.includes(bytesArgument)

endWithService()

const channel = openChannel<DecoderRequest, DecoderReply>(decoderRequestSchema, {
  request: (request) => void answer(request),
  refused: (_message, problem) => void process.stderr.write(`decoder: ${problem}\n`),
  closed: endProcess,
})

async function answer({ id, stated, channels }: DecoderRequest): Promise<void> {
  try {
    const { pixels, ...facts } = await readPhoto(stated, channels, decodeImage)
    const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength)
    channel.send({ id, facts, pixels: passesBytes ? bytes : bytes.toString('base64') })
  } catch (error) {
    noteDefect(error)
    channel.send({ id, error: toErrorMessage(error) })
  }
}
