/**
 * Serves the lab's page to a browser, on the loopback interface only. Provides the same commands and events as the
 * desktop's IPC (contract/host.ts); everything except the page's files needs the token.
 */
import { createReadStream } from 'fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'http'
import type { AddressInfo } from 'net'
import { basename, join } from 'path'
import { Readable, type Duplex } from 'stream'
import { pipeline } from 'stream/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { answer, refuse, valueOf, type GuardedLab } from '../contract/answer'
import { labError, toErrorMessage } from '../contract/errors'
import { DOWNLOAD, PROTOCOL, type Reply } from '../contract/host'
import { commands, type CommandInput } from '../contract/lab'
import { BodyStalled, BodyTooLong, readInto, readText } from './body'
import { hasBearer, hasTokenProtocol, isLoopback, isOwnOrigin, newToken } from './guard'
import { pageHeaders, readPage, type PageFile } from './page'
import { createTransfers, type Transfers } from './transfers'

const MAX_CALL_BYTES = 1 << 20
const MAX_UPLOAD_BYTES = 1 << 30
const MAX_CONNECTIONS = 128
const MAX_WATCHERS = 16
/** Progress is skipped for a watcher that reads too slowly, while this many bytes are unsent. */
const MAX_UNSENT_BYTES = 1 << 20

/** Grace period before a closing connection is destroyed, in ms. */
const MAX_GOODBYE = 500

/** A connection whose client takes no data of an answer for this long is destroyed, in ms. */
const MAX_UNREAD = 10_000
/** Answers are sent in pieces; each piece taken shows that the client is still reading. */
const PIECE_BYTES = 1 << 16

/**
 * Times are in ms. A browser sends its headers at once. A connection without headers is closed within a second, so
 * connections are checked often.
 */
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 500,
  connectionsCheckingInterval: 100,
  // Allows for the largest upload through a slow tunnel; a stalled one ends much earlier (body.ts).
  requestTimeout: 600_000,
}

export interface Serving {
  readonly port: number
  /** Contains the token after `#`, which browsers never send over the network. */
  readonly url: string
  close(): Promise<void>
}

interface ServerContext {
  readonly lab: GuardedLab
  readonly token: string
  readonly page: ReadonlyMap<string, PageFile>
  readonly transfers: Transfers
}

/** The requested URL; null if it is invalid. */
function addressOf(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? '/', 'http://localhost')
  } catch {
    return null
  }
}

/** The answer to a request. */
interface Answer {
  readonly status: number
  readonly type: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Readable | null
  /** Runs after the whole body has been sent. */
  readonly after?: () => Promise<void>
}

function* piecesOf(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}

const inPieces = (bytes: Buffer): Readable => Readable.from(piecesOf(bytes))

const refusal = (status: number): Answer => ({
  status,
  type: 'text/plain',
  headers: { Connection: 'close' },
  body: null,
})

const json = (body: Reply): Answer => ({
  status: 200,
  type: 'application/json',
  body: inPieces(Buffer.from(JSON.stringify(body))),
})

/** A socket time-out would not do: any data that is sent meanwhile restarts it. */
function limitUnread(response: ServerResponse): void {
  const unread = setTimeout(() => response.destroy(), MAX_UNREAD).unref()
  response.on('drain', () => unread.refresh())
  response.once('close', () => clearTimeout(unread))
}

async function send(response: ServerResponse, { status, type, headers, body, after }: Answer): Promise<void> {
  limitUnread(response)
  response.writeHead(status, { ...pageHeaders, 'Content-Type': type, ...headers })
  if (body === null) response.end()
  else await pipeline(body, response)
  await after?.()
}

/** A browser's export goes into a folder of the server; the reply contains download ids. */
async function answerExport(context: ServerContext, input: CommandInput<'export'>): Promise<Reply> {
  const name = basename(input.checkpoint).replace(/\..*$/, '')
  const ending = input.format === 'safetensors' ? '.dalab.safetensors' : ''
  const outcome = await answer(context.lab, 'export', {
    ...input,
    out: join(await context.transfers.outFolder(), `${name}${ending}`),
  })
  if ('error' in outcome) return outcome
  const { files, ...more } = commands.export.output.parse(outcome.ok)
  return { ok: { ...more, files: await context.transfers.offer(files, name) } }
}

/** A browser's predictions are written to a folder of the server; the reply's file is a download id. */
async function answerPredictions(
  context: ServerContext,
  input: CommandInput<'writePredictions'>,
): Promise<Reply> {
  const name = `${basename(input.checkpoint).replace(/\..*$/, '')}-predictions.${input.format}`
  const outcome = await answer(context.lab, 'writePredictions', {
    ...input,
    out: join(await context.transfers.outFolder(), name),
  })
  if ('error' in outcome) return outcome
  const written = commands.writePredictions.output.parse(outcome.ok)
  const [file = ''] = await context.transfers.offer([written.file], name)
  return { ok: { ...written, file } }
}

/** Calls whose output a browser downloads; null for all others. */
function downloadOf(context: ServerContext, name: string, input: unknown): Promise<Reply> | null {
  if (name === 'export') {
    const order = commands.export.input.safeParse(input)
    if (order.success && order.data.out === DOWNLOAD) return answerExport(context, order.data)
  }
  if (name === 'writePredictions') {
    const order = commands.writePredictions.input.safeParse(input)
    if (order.success && order.data.out === DOWNLOAD) return answerPredictions(context, order.data)
  }
  return null
}

/** The path that a command has imported by copying it; null for commands that do not copy. */
function importOf(name: string, input: unknown): string | null {
  if (name !== 'import' && name !== 'importDataset' && name !== 'importBackbone') return null
  return commands[name].input.parse(input).path
}

async function call(context: ServerContext, name: string, request: IncomingMessage): Promise<Reply> {
  const input = valueOf(await readText(request, MAX_CALL_BYTES))
  const download = downloadOf(context, name, input)
  if (download !== null) return download
  const outcome = await answer(context.lab, name, input)
  const imported = 'ok' in outcome ? importOf(name, input) : null
  if (imported !== null) await context.transfers.used(imported)
  return outcome
}

async function upload(context: ServerContext, address: URL, request: IncomingMessage): Promise<Reply> {
  try {
    const name = address.searchParams.get('name') ?? ''
    const reserved = await context.transfers.reserve(name, address.searchParams.get('group'))
    await readInto(request, reserved.file, MAX_UPLOAD_BYTES)
    return { ok: { path: reserved.path } }
  } catch (error) {
    if (error instanceof BodyTooLong || error instanceof BodyStalled) throw error
    return { error: toErrorMessage(error) }
  }
}

function download(context: ServerContext, id: string): Answer {
  const offered = context.transfers.take(id)
  if (offered === null) return refusal(404)
  return {
    status: 200,
    type: 'application/octet-stream',
    headers: { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(offered.name)}` },
    body: createReadStream(offered.path),
    after: () => context.transfers.fetched(id),
  }
}

function pageFile(context: ServerContext, path: string): Answer {
  const file = context.page.get(path)
  return file === undefined ? refusal(404) : { status: 200, type: file.type, body: inPieces(file.bytes) }
}

async function answerTo(context: ServerContext, request: IncomingMessage): Promise<Answer> {
  if (!isLoopback(request) || !isOwnOrigin(request)) return refusal(403)
  const address = addressOf(request)
  if (address === null) return refusal(400)
  const [, api, verb, name, ...more] = address.pathname.split('/')
  if (api !== 'api') return request.method === 'GET' ? pageFile(context, address.pathname) : refusal(405)
  if (!hasBearer(request, context.token)) return refusal(401)
  if (more.length > 0) return refusal(404)
  const asked = `${request.method ?? ''} ${verb ?? ''}`
  if (asked === 'POST call' && name !== undefined) return json(await call(context, name, request))
  if (asked === 'POST upload' && name === undefined) return json(await upload(context, address, request))
  if (asked === 'GET download' && name !== undefined) return download(context, name)
  return refusal(404)
}

function statusOf(error: unknown): number {
  if (error instanceof BodyTooLong) return 413
  return error instanceof BodyStalled ? 408 : 400
}

/** An aborted or over-long request ends only its own connection, never the server. */
async function handle(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await send(response, await answerTo(context, request))
  } catch (error) {
    if (response.headersSent) response.destroy()
    else await send(response, refusal(statusOf(error)))
  }
}

function watch(lab: GuardedLab, socket: WebSocket): void {
  const stop = lab.subscribe((event) => {
    const isDroppable = event.type === 'progress' || event.type === 'reading' || event.type === 'predicting'
    if (isDroppable && socket.bufferedAmount > MAX_UNSENT_BYTES) return
    socket.send(JSON.stringify(event))
  })
  socket.on('close', stop)
  // Watchers only listen; a message from one violates the protocol.
  socket.on('message', () => {
    refuse(lab, 'events', 'a message from a watcher')
    socket.close(1008)
    setTimeout(() => socket.terminate(), MAX_GOODBYE).unref()
  })
  socket.on('error', (error) => {
    refuse(lab, 'events', error.message)
    socket.terminate()
  })
}

/** Further data is read and dropped: closing with unread data could reset the connection before the answer arrives. */
function closeSocket(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  socket.resume()
  setTimeout(() => socket.destroy(), MAX_GOODBYE).unref()
}

function acceptWatchers(server: Server, context: ServerContext): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 1024,
    perMessageDeflate: false,
    handleProtocols: () => PROTOCOL,
  })
  const obstacle = (request: IncomingMessage): string | null => {
    if (!isLoopback(request) || !isOwnOrigin(request)) return '403 Forbidden'
    if (addressOf(request)?.pathname !== '/api/events') return '404 Not Found'
    if (!hasTokenProtocol(request, context.token)) return '401 Unauthorized'
    return sockets.clients.size >= MAX_WATCHERS ? '503 Service Unavailable' : null
  }
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const status = obstacle(request)
    if (status !== null) closeSocket(socket, status)
    else {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        watch(context.lab, opened)
      })
    }
  })
  return sockets
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(labError('port-taken', { port }))
      else reject(error.code === 'EACCES' ? labError('port-not-allowed', { port }) : error)
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/**
 * Destroys connections whose requests are malformed or late. If this process was busy, a request counts as late although
 * it has arrived and was only not read yet; it is read before the connection is judged.
 */
function endBrokenConnections(server: Server): void {
  const late = new Set<Duplex>()
  const isRead = ({ socket }: IncomingMessage) => late.delete(socket)
  server.on('request', isRead)
  server.on('upgrade', isRead)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT') {
      socket.destroy()
      return
    }
    late.add(socket)
    setImmediate(() => {
      if (late.delete(socket)) socket.destroy()
    })
  })
}

/**
 * Serves `lab` and the page in `pageFolder`.
 * @param port 0 for any free port
 */
export async function serve(lab: GuardedLab, pageFolder: string, port: number): Promise<Serving> {
  const context: ServerContext = {
    lab,
    token: newToken(),
    page: await readPage(pageFolder),
    transfers: await createTransfers(),
  }
  const server = createServer(limits)
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => void handle(context, request, response))
  endBrokenConnections(server)
  const sockets = acceptWatchers(server, context)
  const bound = await listen(server, port)
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}/#token=${context.token}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await context.transfers.close()
    },
  }
}
