/**
 * The lab's page for a browser, on the loopback interface only. Carries the same commands and events as the
 * desktop's IPC (contract/host.ts); everything but the page's own files needs the token.
 */
import { createReadStream } from 'fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'http'
import type { AddressInfo } from 'net'
import { basename, join } from 'path'
import type { Duplex } from 'stream'
import { pipeline } from 'stream/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { answer } from '../contract/answer'
import { labError, toErrorMessage } from '../contract/errors'
import { DOWNLOAD, PROTOCOL, type Reply } from '../contract/host'
import { commands, type Lab } from '../contract/lab'
import { BodyTooLong, readInto, readText } from './body'
import { hasBearer, hasTokenProtocol, isLoopback, isOwnOrigin, newToken } from './guard'
import { pageHeaders, readPage, type PageFile } from './page'
import { createTransfers, type Transfers } from './transfers'

const MOST_CALL_BYTES = 1 << 20
const MOST_UPLOAD_BYTES = 1 << 30
const MOST_CONNECTIONS = 128
const MOST_WATCHERS = 16
/** A watcher that does not read is not waited for: progress is skipped while this much is unsent. */
const MOST_UNSENT_BYTES = 1 << 20

export interface Serving {
  readonly port: number
  /** Carries the token behind `#`, which no browser sends over the wire. */
  readonly url: string
  close(): Promise<void>
}

interface Room {
  readonly lab: Lab
  readonly token: string
  readonly page: ReadonlyMap<string, PageFile>
  readonly transfers: Transfers
}

/** The address asked for; null when it is none. */
function addressOf(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? '/', 'http://localhost')
  } catch {
    return null
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close', ...pageHeaders })
  response.end()
}

function reply(response: ServerResponse, body: Reply): void {
  response.writeHead(200, { 'Content-Type': 'application/json', ...pageHeaders })
  response.end(JSON.stringify(body))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An export for a browser goes into a folder of the server's; what comes back are download ids. */
async function answerExport(room: Room, input: { checkpoint: string; out: string }): Promise<Reply> {
  const name = basename(input.checkpoint).replace(/\..*$/, '')
  const outcome = await answer(room.lab, 'export', {
    ...input,
    out: join(await room.transfers.outFolder(), name),
  })
  if ('error' in outcome) return outcome
  const { files } = commands.export.output.parse(outcome.ok)
  return { ok: { files: await room.transfers.offer(files, name) } }
}

async function call(room: Room, name: string, request: IncomingMessage): Promise<Reply> {
  const input = parsed(await readText(request, MOST_CALL_BYTES))
  const download = name === 'export' ? commands.export.input.safeParse(input) : null
  if (download?.success === true && download.data.out === DOWNLOAD) return answerExport(room, download.data)
  return answer(room.lab, name, input)
}

async function upload(room: Room, address: URL, request: IncomingMessage): Promise<Reply> {
  try {
    const name = address.searchParams.get('name') ?? ''
    const place = await room.transfers.placeFor(name, address.searchParams.get('group'))
    await readInto(request, place.file, MOST_UPLOAD_BYTES)
    return { ok: { path: place.path } }
  } catch (error) {
    if (error instanceof BodyTooLong) throw error
    return { error: toErrorMessage(error) }
  }
}

async function download(room: Room, id: string, response: ServerResponse): Promise<void> {
  const offered = room.transfers.take(id)
  if (offered === null) return refuse(response, 404)
  response.writeHead(200, {
    ...pageHeaders,
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(offered.name)}`,
  })
  await pipeline(createReadStream(offered.path), response)
}

function sendPage(room: Room, path: string, response: ServerResponse): void {
  const file = room.page.get(path)
  if (file === undefined) return refuse(response, 404)
  response.writeHead(200, { ...pageHeaders, 'Content-Type': file.type })
  response.end(file.bytes)
}

async function route(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLoopback(request) || !isOwnOrigin(request)) return refuse(response, 403)
  const address = addressOf(request)
  if (address === null) return refuse(response, 400)
  const [, api, verb, name, ...more] = address.pathname.split('/')
  if (api !== 'api') {
    return request.method === 'GET' ? sendPage(room, address.pathname, response) : refuse(response, 405)
  }
  if (!hasBearer(request, room.token)) return refuse(response, 401)
  if (more.length > 0) return refuse(response, 404)
  const asked = `${request.method ?? ''} ${verb ?? ''}`
  if (asked === 'POST call' && name !== undefined) return reply(response, await call(room, name, request))
  if (asked === 'POST upload' && name === undefined)
    return reply(response, await upload(room, address, request))
  if (asked === 'GET download' && name !== undefined) return download(room, name, response)
  return refuse(response, 404)
}

/** A request that breaks off or is too long ends with its connection; it never ends the server. */
function handle(room: Room, request: IncomingMessage, response: ServerResponse): void {
  route(room, request, response).catch((error: unknown) => {
    if (response.headersSent) response.destroy()
    else refuse(response, error instanceof BodyTooLong ? 413 : 400)
    request.unpipe()
  })
}

function watch(lab: Lab, socket: WebSocket): void {
  const stop = lab.subscribe((event) => {
    if (event.type === 'progress' && socket.bufferedAmount > MOST_UNSENT_BYTES) return
    socket.send(JSON.stringify(event))
  })
  socket.on('close', stop)
  // Watchers only listen; one that talks does not know the protocol.
  socket.on('message', () => socket.close(1008))
  socket.on('error', () => socket.terminate())
}

function closeSocket(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function acceptWatchers(server: Server, room: Room): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 1024,
    perMessageDeflate: false,
    handleProtocols: () => PROTOCOL,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    if (!isLoopback(request) || !isOwnOrigin(request)) return closeSocket(socket, '403 Forbidden')
    if (addressOf(request)?.pathname !== '/api/events') return closeSocket(socket, '404 Not Found')
    if (!hasTokenProtocol(request, room.token)) return closeSocket(socket, '401 Unauthorized')
    if (sockets.clients.size >= MOST_WATCHERS) return closeSocket(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (opened) => watch(room.lab, opened))
  })
  return sockets
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? labError('port-taken', { port }) : error),
    )
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/**
 * Serves `lab` and the page that lies in `pageFolder`.
 * @param port 0 takes any free one.
 */
export async function serve(lab: Lab, pageFolder: string, port: number): Promise<Serving> {
  const room: Room = {
    lab,
    token: newToken(),
    page: await readPage(pageFolder),
    transfers: await createTransfers(),
  }
  const server = createServer({ requestTimeout: 600_000, headersTimeout: 10_000, maxHeaderSize: 16_384 })
  server.maxConnections = MOST_CONNECTIONS
  server.on('request', (request, response) => handle(room, request, response))
  server.on('clientError', (_error, socket) => socket.destroy())
  const sockets = acceptWatchers(server, room)
  const bound = await listen(server, port)
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}/#token=${room.token}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await room.transfers.close()
    },
  }
}
