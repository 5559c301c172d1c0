/**
 * Malformed and hostile requests, written byte by byte to sockets: the loopback server must answer or close, and
 * disclose nothing. Drawn from a seed, so that each request can be repeated.
 */
import { connect } from 'net'
import { setTimeout as wait } from 'timers/promises'
import { PROTOCOL } from '../../src/contract/host'
import { commands } from '../../src/contract/lab'
import { stream, type Random } from '../../src/data/random'

export interface Victim {
  readonly port: number
  readonly token: string
  /** Texts that no answer may contain: ids and paths. */
  readonly secrets: readonly string[]
}

/** The parts sent, `pause` ms apart; afterwards the socket stays open. */
interface Attack {
  readonly kind: string
  readonly parts: readonly (string | Buffer)[]
  readonly pause?: number
  /** Has the token: it may receive events, and commands are answered with an error. */
  readonly trusted?: boolean
  /** The answers are not read. */
  readonly unread?: boolean
}

export interface HostileReport {
  readonly seed: number
  readonly requests: number
  /** Number of attacks of each kind, and the longest time that one was open, in ms. */
  readonly kinds: Readonly<Record<string, { readonly count: number; readonly longestMs: number }>>
  /** Count by status code; `closed` if the connection ended without one. */
  readonly answers: Readonly<Record<string, number>>
  /** Longest answer time of the attacks that read their answers. */
  readonly longestMs: number
  readonly faults: readonly string[]
}

const pick = <T>(random: Random, values: readonly T[]): T => values[random.integer(values.length)]!

const junk = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.integer(256)))

const letters = 'abcdefghijklmnopqrstuvwxyzABC0123456789-_'
const word = (random: Random, length: number): string =>
  Array.from({ length }, () => letters.charAt(random.integer(letters.length))).join('')

type Headers = Readonly<Record<string, string>>

/** A request as text; the connection ends after it. */
function request(method: string, path: string, headers: Headers, body = ''): string {
  const lines = Object.entries({ Connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

function wrongToken(random: Random, token: string): string {
  const flip = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  return pick(random, [
    `Bearer ${word(random, token.length)}`,
    `Bearer ${flip(token, random.integer(token.length))}`,
    `Bearer ${token.slice(0, random.integer(token.length))}`,
    `Bearer ${token}${word(random, 1)}`,
    `bearer  ${token}`,
    `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
    'Bearer ',
    word(random, 2000),
  ])
}

const foreignHosts = [
  'example.org',
  '127.0.0.1.example.org',
  '0.0.0.0',
  '[::]',
  'localhost.',
  '',
  '127.0.0.1:',
  'lab',
]
const traversals = [
  '/../package.json',
  '/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/assets/..\\..\\package.json',
  '//etc/passwd',
  '/%00/etc/passwd',
  '/api/../../etc/passwd',
  '/.complete.json',
  'http://127.0.0.1/../../etc/passwd',
  '/%c0%ae%c0%ae/etc/passwd',
  '/%',
]

/** A masked client frame, or an imitation of one. */
function frame(first: number, payload: Buffer, claimed = payload.length, masked = true): Buffer {
  const head = Buffer.alloc(claimed < 126 ? 2 : claimed < 65536 ? 4 : 10)
  head[0] = first
  head[1] = (masked ? 0x80 : 0) | (claimed < 126 ? claimed : claimed < 65536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(claimed, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(claimed), 2)
  return Buffer.concat([head, ...(masked ? [Buffer.alloc(4)] : []), payload])
}

function badFrame(random: Random): Buffer {
  const text = 0x81
  return pick(random, [
    () => frame(text | pick(random, [0x10, 0x20, 0x40]), Buffer.from('x')),
    () => frame(0x80 | pick(random, [3, 4, 5, 6, 7, 11, 12, 15]), Buffer.from('x')),
    () => frame(text, Buffer.from('x'), 1, false),
    () => frame(text, Buffer.alloc(0), 2 ** 40),
    () => frame(text, Buffer.alloc(2000)),
    () => frame(text, Buffer.from([0xff, 0xfe, 0xfd])),
    () => frame(text, Buffer.from('{"type":"start"}')),
    () => frame(0x80, Buffer.from('continues nothing')),
    () => frame(0x09, Buffer.from('a ping in parts')),
    () => frame(0x89, Buffer.alloc(126)),
    () => frame(0x88, Buffer.from([3])),
    () => frame(0x88, Buffer.from([0, 1])),
    () => Buffer.concat([frame(0x01, Buffer.from('one ')), frame(text, Buffer.from('two'))]),
    () => Buffer.concat([Buffer.from([0xff, 0xff]), junk(random, 200)]),
  ])()
}

/** One random attack of each kind. */
function kinds({ port, token }: Victim, random: Random): readonly (() => Attack)[] {
  const own = `127.0.0.1:${port}`
  const bearer = { Authorization: `Bearer ${token}` }
  const command = () => pick(random, Object.keys(commands))
  const call = (headers: Headers, body = '{}') =>
    request(
      'POST',
      `/api/call/${command()}`,
      { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
      body,
    )
  const upgrade = (headers: Headers, path = '/api/events') =>
    request('GET', path, {
      Host: own,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    })
  const withProtocol = { 'Sec-WebSocket-Protocol': `${PROTOCOL}, token.${token}` }
  const badOrigin = () =>
    pick(random, [
      'https://example.org',
      'null',
      `http://127.0.0.1:${(port % 60_000) + 1}`,
      `https://${own}`,
      'file://',
    ])
  const fragments = (text: string) => text.match(/.{1,7}/gs) ?? []

  return [
    () => ({ kind: 'no token', parts: [call({ Host: own })] }),
    () => ({ kind: 'wrong token', parts: [call({ Host: own, Authorization: wrongToken(random, token) })] }),
    () => ({
      kind: 'token in the address',
      parts: [request('POST', `/api/call/${command()}?token=${token}`, { Host: own })],
    }),
    () => ({ kind: 'foreign origin', parts: [call({ Host: own, ...bearer, Origin: badOrigin() })] }),
    () => ({ kind: 'foreign host', parts: [call({ Host: pick(random, foreignHosts), ...bearer })] }),
    () => ({
      kind: 'two hosts',
      parts: [`GET / HTTP/1.1\r\nHost: ${own}\r\nHost: example.org\r\nConnection: close\r\n\r\n`],
    }),
    () => ({ kind: 'no host', parts: ['GET / HTTP/1.0\r\n\r\n'] }),
    () => ({
      kind: 'path out of the page',
      parts: [request('GET', pick(random, traversals), { Host: own })],
    }),
    () => ({
      kind: 'unknown address',
      parts: [
        request(pick(random, ['GET', 'POST']), `/api/${word(random, 1 + random.integer(9))}`, {
          Host: own,
          ...bearer,
        }),
      ],
    }),
    () => ({
      kind: 'guessed download',
      parts: [request('GET', `/api/download/${word(random, 36)}`, { Host: own, ...bearer })],
    }),
    () => ({
      kind: 'method',
      parts: [
        request(
          pick(random, ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'CONNECT', 'HACK', 'get']),
          '/',
          {
            Host: own,
          },
        ),
      ],
    }),
    () => ({
      kind: 'command that is none',
      trusted: true,
      parts: [
        request(
          'POST',
          `/api/call/${pick(random, ['__proto__', 'constructor', 'eval', '%00', 'toString'])}`,
          {
            Host: own,
            ...bearer,
          },
        ),
      ],
    }),
    () => ({
      kind: 'body that is no input',
      trusted: true,
      parts: [
        call(
          { Host: own, ...bearer },
          pick(random, ['{"a":', '[', 'null', '"x"', '{"run":5,"extra":{}}', word(random, 300)]),
        ),
      ],
    }),
    () => ({
      kind: 'body too long, with the token',
      trusted: true,
      parts: [call({ Host: own, ...bearer }, ' '.repeat((1 << 20) + 1 + random.integer(1000)))],
    }),
    () => ({ kind: 'body too long', parts: [call({ Host: own }, ' '.repeat(100_000))] }),
    () => ({
      kind: 'body that claims to be enormous',
      parts: [request('POST', '/api/upload?name=x', { Host: own, 'Content-Length': '999999999999' }, 'x')],
    }),
    () => ({
      kind: 'upload out of its folder',
      trusted: true,
      parts: [
        request('POST', `/api/upload?name=${pick(random, ['..%2fx', '%2fetc%2fx', 'C%3ax', 'a%00b', ''])}`, {
          Host: own,
          ...bearer,
          'Content-Length': '0',
        }),
      ],
    }),
    () => ({
      kind: 'two lengths',
      parts: [
        `POST /api/call/runs HTTP/1.1\r\nHost: ${own}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /`,
      ],
    }),
    () => ({
      kind: 'bad chunks',
      parts: [
        request(
          'POST',
          '/api/call/runs',
          { Host: own, 'Transfer-Encoding': 'chunked' },
          'fffffffffffffffff\r\n',
        ),
      ],
    }),
    () => ({
      kind: 'header too long',
      parts: [request('GET', '/', { Host: own, 'X-Long': word(random, 20_000) })],
    }),
    () => ({
      kind: 'headers too many',
      parts: [
        request('GET', '/', {
          Host: own,
          ...Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`X-${i}`, 'x'])),
        }),
      ],
    }),
    () => ({ kind: 'address too long', parts: [request('GET', `/${word(random, 20_000)}`, { Host: own })] }),
    () => ({ kind: 'no HTTP', parts: [junk(random, 1 + random.integer(2000))] }),
    () => ({
      kind: 'TLS',
      parts: [Buffer.concat([Buffer.from('16030100f0010000ec0303', 'hex'), junk(random, 230)])],
    }),
    () => ({ kind: 'HTTP/2', parts: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'] }),
    () => ({
      kind: 'expects something',
      parts: [request('POST', '/api/call/runs', { Host: own, Expect: word(random, 8) })],
    }),
    () => ({ kind: 'nothing sent', parts: [] }),
    () => ({
      kind: 'headers never finished',
      parts: [`GET / HTTP/1.1\r\nHost: ${own}\r\nX-${word(random, 5)}: `],
    }),
    () => ({
      kind: 'headers drop by drop',
      pause: 40,
      parts: fragments(`GET / HTTP/1.1\r\nHost: ${own}\r\nX-Slow: ${word(random, 500)}`),
    }),
    () => ({
      kind: 'slow body',
      pause: 60,
      parts: [
        request('POST', '/api/call/runs', { Host: own, 'Content-Length': '5000' }),
        ...fragments(word(random, 200)),
      ],
    }),
    () => ({ kind: 'events without the token', parts: [upgrade({ 'Sec-WebSocket-Protocol': PROTOCOL })] }),
    () => ({
      kind: 'events with a wrong token',
      parts: [upgrade({ 'Sec-WebSocket-Protocol': `${PROTOCOL}, token.${word(random, token.length)}` })],
    }),
    () => ({
      kind: 'events for a foreign origin',
      parts: [upgrade({ ...withProtocol, Origin: badOrigin() })],
    }),
    () => ({
      kind: 'events for a foreign host',
      parts: [upgrade({ ...withProtocol, Host: pick(random, foreignHosts) })],
    }),
    () => ({ kind: 'events of another address', parts: [upgrade(withProtocol, `/${word(random, 6)}`)] }),
    () => ({
      kind: 'events by a wrong handshake',
      parts: [
        upgrade({
          ...withProtocol,
          ...pick(random, [
            { 'Sec-WebSocket-Key': 'short' },
            { 'Sec-WebSocket-Version': '99' },
            { Upgrade: 'h2c' },
          ] as Headers[]),
        }),
      ],
    }),
    () => ({
      kind: 'frames that are none',
      trusted: true,
      pause: 30,
      parts: [upgrade(withProtocol), badFrame(random)],
    }),
  ]
}

/** Answers that fill the socket buffers of both ends and are never read. */
async function neverReading({ port }: Victim): Promise<Attack> {
  const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  const program = /src="\.?(\/assets\/[^"]+)"/.exec(page)?.[1]
  if (program === undefined) throw new Error('the page names no program')
  const asked = `GET ${program} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
  return { kind: 'answers never read', unread: true, parts: [asked.repeat(100)] }
}

interface Outcome {
  readonly ms: number
  readonly received: Buffer
  /** The server has closed the connection. */
  readonly over: boolean
}

/** Has no meaning between two requests or after the end of a connection, so it does not make a server close. */
const probe = '\r\n'
const probeMs = 20

/**
 * Sends an attack and waits until the server has closed the connection, at most `patience` ms. This end never closes:
 * writing succeeds to a server that has only ended its own side, and fails to one that has closed.
 */
function send(
  { parts, pause = 0, unread = false }: Attack,
  port: number,
  patience: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const began = Date.now()
    const chunks: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    let probing: NodeJS.Timeout
    const giveUp = setTimeout(() => end(false), patience)
    function end(over: boolean): void {
      clearTimeout(giveUp)
      clearInterval(probing)
      resolve({ ms: Date.now() - began, received: Buffer.concat(chunks), over })
      socket.destroy()
    }
    const probeOn = () => (probing = setInterval(() => socket.write(probe), probeMs))
    if (!unread) socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', probeOn)
    socket.on('close', () => end(true))
    // Writing after the server has closed gives an error, as it should.
    socket.on('error', () => end(true))
    socket.on('connect', () => void write())
    async function write(): Promise<void> {
      for (const part of parts) {
        if (socket.destroyed) return
        socket.write(part)
        if (pause > 0) await wait(pause)
      }
      // An end that reads nothing does not notice the end of the connection.
      if (unread) probeOn()
    }
  })
}

const statusOf = (received: Buffer): string =>
  /^HTTP\/1\.1 (\d{3}) /.exec(received.toString('latin1'))?.[1] ?? 'closed'

/** An empty body in chunks counts as empty; the library explains a failed handshake in a short text. */
const isEmpty = (body: string): boolean =>
  body === '' ||
  body === '0\r\n\r\n' ||
  /^(Missing or invalid Sec-WebSocket-\w+|Invalid Upgrade) header$/.test(body)

/** The fault in an answer; null if there is none. */
function faultOf(
  { kind, trusted = false }: Attack,
  outcome: Outcome,
  victim: Victim,
  most: number,
): string | null {
  const text = outcome.received.toString('latin1')
  const status = statusOf(outcome.received)
  if (!outcome.over || outcome.ms > most) return `${kind}: ${status} after ${outcome.ms} ms`
  if (trusted) return text.includes('{"ok"') ? `${kind}: it was obeyed` : null
  if (status === '200' || status === '101') return `${kind}: ${status}`
  const told = [victim.token, ...victim.secrets].find((secret) => text.includes(secret))
  if (told !== undefined) return `${kind}: it was told ${told}`
  const body = text.slice(text.indexOf('\r\n\r\n') + 4)
  return text !== '' && !isEmpty(body) ? `${kind}: ${status} with ${JSON.stringify(body.slice(0, 80))}` : null
}

/**
 * The server must close such a connection eventually, but not at once: a client with a slow network must get its
 * answer.
 */
const maxUnreadMs = 30_000
const neverReadingAbreast = 4

export interface HostileOrder {
  readonly count: number
  readonly seed: number
  /** Longest time allowed for an answer, in ms. */
  readonly most: number
  /** Number of parallel requests. */
  readonly abreast?: number
  readonly note?: (done: number) => void
}

export async function sendHostile(
  victim: Victim,
  { count, seed, most, abreast = 24, note = () => undefined }: HostileOrder,
): Promise<HostileReport> {
  const random = stream(seed, 'hostile')
  const faults: string[] = []
  const found: Record<string, { count: number; longestMs: number }> = {}
  const answers: Record<string, number> = {}
  let sent = 0
  let longestMs = 0
  async function sendOne(attack: Attack, name: string, limit: number): Promise<Outcome> {
    const outcome = await send(attack, victim.port, limit * 3)
    const kind = (found[attack.kind] ??= { count: 0, longestMs: 0 })
    kind.count += 1
    kind.longestMs = Math.max(kind.longestMs, outcome.ms)
    const fault = faultOf(attack, outcome, victim, limit)
    if (fault !== null) faults.push(`${name}, ${fault}`)
    return outcome
  }
  async function sendOneByOne(): Promise<void> {
    while (sent < count) {
      const turn = sent++
      const all = kinds(victim, random)
      const outcome = await sendOne(all[turn % all.length]!(), `request ${turn}`, most)
      longestMs = Math.max(longestMs, outcome.ms)
      const status = statusOf(outcome.received)
      answers[status] = (answers[status] ?? 0) + 1
      if (turn % 500 === 499) note(turn + 1)
    }
  }
  const unread = await neverReading(victim)
  await Promise.all([
    ...Array.from({ length: abreast }, sendOneByOne),
    ...Array.from({ length: neverReadingAbreast }, (_, i) => sendOne(unread, `unread ${i}`, maxUnreadMs)),
  ])
  return { seed, requests: sent, kinds: found, answers, longestMs, faults }
}
