/** Access to the loopback server, and its handling of invalid requests. */
import { createServer as createForwarder, connect, type AddressInfo } from 'net'
import { readdirSync, readFileSync, existsSync, stat } from 'fs'
import { request as httpRequest, type IncomingMessage } from 'http'
import { networkInterfaces, tmpdir } from 'os'
import { basename, dirname, join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { writeCheckpoint } from '../../src/checkpoints/checkpoint'
import { DOWNLOAD, PROTOCOL, type Reply } from '../../src/contract/host'
import { labEventSchema } from '../../src/contract/lab'
import { serve, type Serving } from '../../src/server/serve'
import { withoutRights } from '../without-rights'
import { facts, network } from '../unit/checkpoints/samples'
import { openLab, temporaryFolder, useProgramsInFile, type Watched } from './programs'

useProgramsInFile()

const page = join(__dirname, '../../dist/renderer')
const dataFolder = temporaryFolder()
let watched: Watched
let serving: Serving
let token: string

beforeAll(async () => {
  watched = await openLab(dataFolder)
  serving = await serve(watched.lab, page, 0)
  token = serving.url.split('#token=')[1]!
})
afterAll(async () => {
  await serving.close()
  await watched.lab.close()
})

interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly port?: number
}

interface Answered {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Sends the request unchanged: `fetch` would normalise paths and reject some headers. */
function send({ method = 'GET', path, headers = {}, body, port = serving.port }: Sent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

const bearer = () => ({ Authorization: `Bearer ${token}` })
const call = (name: string, input: unknown, headers = bearer() as Record<string, string>, port?: number) =>
  send({
    method: 'POST',
    path: `/api/call/${name}`,
    headers,
    body: JSON.stringify(input),
    ...(port === undefined ? {} : { port }),
  })
const replyOf = ({ body }: Answered): Reply => JSON.parse(body) as Reply

/** The server still answers an authorised client. */
async function expectAlive(): Promise<void> {
  expect(replyOf(await call('methods', {}))).toHaveProperty('ok')
}

async function logged(text: string): Promise<void> {
  const log = join(dataFolder, 'logs', 'lab.log')
  while (!existsSync(log) || !readFileSync(log, 'utf8').includes(text)) await wait(50)
}

describe('the page itself', () => {
  it('comes to anyone on this machine, with its content security policy, and holds no data', async () => {
    const answered = await send({ path: '/' })
    expect(answered.status).toBe(200)
    expect(answered.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answered.headers['x-content-type-options']).toBe('nosniff')
    expect(answered.body).not.toContain(token)
  })

  it.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/.complete.json',
    '/%00',
    '/assets/',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await send({ path })
    expect(status).toBe(404)
    expect(body).toBe('')
  })

  it('is read only', async () => {
    expect((await send({ method: 'PUT', path: '/', body: 'x' })).status).toBe(405)
  })
})

describe('a request that may not be', () => {
  const wrong: [string, () => Sent, number][] = [
    ['no token', () => ({ path: '/api/call/runs' }), 401],
    ['a wrong token', () => ({ path: '/api/call/runs', headers: { Authorization: 'Bearer x' } }), 401],
    [
      'a token of the right length that is wrong',
      () => ({ path: '/api/call/runs', headers: { Authorization: `Bearer ${'A'.repeat(token.length)}` } }),
      401,
    ],
    ['the token in the address', () => ({ path: `/api/call/runs?token=${token}` }), 401],
    [
      'another origin',
      () => ({ path: '/api/call/runs', headers: { ...bearer(), Origin: 'https://example.org' } }),
      403,
    ],
    ['the null origin', () => ({ path: '/api/call/runs', headers: { ...bearer(), Origin: 'null' } }), 403],
    [
      'another port on this machine',
      () => ({ path: '/api/call/runs', headers: { ...bearer(), Origin: 'http://127.0.0.1:1' } }),
      403,
    ],
    [
      'a forged Host',
      () => ({ path: '/api/call/runs', headers: { ...bearer(), Host: 'lab.example.org' } }),
      403,
    ],
    [
      'a Host that only begins like this machine',
      () => ({ path: '/', headers: { Host: '127.0.0.1.example.org' } }),
      403,
    ],
  ]
  it.each(wrong)('with %s is refused', async (_, request, status) => {
    const answered = await send({ method: request().path === '/' ? 'GET' : 'POST', ...request() })
    expect(answered.status).toBe(status)
    expect(answered.body).toBe('')
    await expectAlive()
  })

  it('to no known address is refused', async () => {
    for (const path of ['/api', '/api/nothing', '/api/call', '/api/call/a/b', '/api/download/x'])
      expect((await send({ path, headers: bearer() })).status).toBe(404)
  })
})

describe('a message that does not fit the contract', () => {
  it('names no command', async () => {
    expect(replyOf(await call('constructor', {}))).toMatchObject({ error: { code: 'contract-violation' } })
    await logged('no such command')
  })

  it('has a field too many, or of another kind', async () => {
    expect(replyOf(await call('runs', { extra: 1 }))).toMatchObject({ error: { code: 'contract-violation' } })
    const reply = replyOf(await call('gallery', { domain: { dataset: 5 }, count: 'many' }))
    expect(reply).toMatchObject({ error: { code: 'contract-violation', params: { where: 'gallery' } } })
    await logged('gallery: domain')
  })

  it('is no JSON', async () => {
    const answered = await send({ method: 'POST', path: '/api/call/runs', headers: bearer(), body: '{"a":' })
    expect(replyOf(answered)).toMatchObject({ error: { code: 'contract-violation' } })
    await expectAlive()
  })

  it('is too long: the connection ends, the server does not', async () => {
    const body = Buffer.alloc(3 << 20, 32)
    const path = '/api/call/runs'
    const outcome = await send({ method: 'POST', path, headers: bearer(), body }).then(
      ({ status }) => status,
      () => 'cut off',
    )
    expect([413, 'cut off']).toContain(outcome)
    await expectAlive()
  })

  it('is logged on one line, whatever it holds', async () => {
    await call('gallery', { 'forged\nline': 1 })
    await logged('gallery:')
    const lines = readFileSync(join(dataFolder, 'logs', 'lab.log'), 'utf8')
      .trimEnd()
      .split('\n')
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z refused "/)
  })
})

describe('an upload', () => {
  const upload = (query: string, body: string | Buffer) =>
    send({ method: 'POST', path: `/api/upload?${query}`, headers: bearer(), body })

  it('lies in a folder of the server, byte for byte', async () => {
    const reply = replyOf(await upload('name=some%20digits.npz', 'bytes')) as { ok: { path: string } }
    expect(readFileSync(reply.ok.path, 'utf8')).toBe('bytes')
    expect(reply.ok.path.startsWith(tmpdir())).toBe(true)
  })

  it('of a folder keeps its shape under one group', async () => {
    await upload('name=cats/1.png&group=g1', '1')
    const reply = replyOf(await upload('name=dogs/1.png&group=g1', '2')) as { ok: { path: string } }
    expect(readdirSync(reply.ok.path).sort()).toEqual(['cats', 'dogs'])
  })

  it.each([
    '',
    '..',
    '../x',
    '/etc/passwd',
    'a/../../x',
    'a\\b',
    'C:x',
    'a\0b',
    'a//b',
    `${'x'.repeat(300)}.png`,
  ])('named %j is refused', async (name) => {
    const reply = replyOf(await upload(`name=${encodeURIComponent(name)}`, 'x'))
    expect(reply).toMatchObject({ error: { code: 'upload-name-unusable', params: { file: name } } })
  })

  it('that lies too deep is refused', async () => {
    const reply = replyOf(await upload('name=a/b/c/d/e/f/g/h/i', 'x'))
    expect(reply).toMatchObject({ error: { code: 'upload-too-deep', params: { max: 8 } } })
  })

  it.each(['..', 'a/b', '', 'x'.repeat(80)])('of the group %j is refused', async (group) => {
    const reply = replyOf(await upload(`name=x.png&group=${encodeURIComponent(group)}`, 'x'))
    expect(reply).toMatchObject({ error: { code: 'contract-violation', params: { where: 'upload' } } })
  })

  it('never takes the place of another', async () => {
    await upload('name=a.png&group=g2', 'first')
    const reply = replyOf(await upload('name=a.png&group=g2', 'second'))
    expect(reply).toMatchObject({
      error: { code: 'already-there', params: { path: expect.stringMatching(/g2.a\.png$/) as string } },
    })
  })
})

describe('a file on its way', () => {
  const made = temporaryFolder()
  const checkpoint = join(made, 'made.dalab.safetensors')
  const brought = async (file: string): Promise<string> => {
    const answered = await send({
      method: 'POST',
      path: `/api/upload?name=${basename(file)}`,
      headers: bearer(),
      body: readFileSync(file),
    })
    return (replyOf(answered) as { ok: { path: string } }).ok.path
  }
  const fetchIt = (id: string) => send({ path: `/api/download/${id}`, headers: bearer() })

  beforeAll(() =>
    writeCheckpoint(checkpoint, facts, [...network('source_encoder'), ...network('classifier')]),
  )

  it('to the lab is gone once it was imported, and stays when that was refused', async () => {
    const path = await brought(checkpoint)
    expect(replyOf(await call('importDataset', { path, name: 'x' }))).toHaveProperty('error')
    expect(existsSync(path)).toBe(true)
    expect(replyOf(await call('import', { path }))).toHaveProperty('ok')
    expect(existsSync(dirname(path))).toBe(false)
  })

  it('that was never brought is imported where it lies, and stays', async () => {
    expect(replyOf(await call('import', { path: checkpoint }))).toHaveProperty('ok')
    expect(existsSync(checkpoint)).toBe(true)
  })

  it.each([
    ['safetensors', 'made.dalab.safetensors'],
    ['npy', 'made.zip'],
  ])('from the lab, as %s, is fetched once', async (format, name) => {
    const reply = replyOf(await call('export', { checkpoint, format, out: DOWNLOAD }))
    const [id = ''] = (reply as { ok: { files: string[] } }).ok.files
    const fetched = await fetchIt(id)
    expect(fetched.headers['content-disposition']).toContain(name)
    expect(fetched.body.length).toBeGreaterThan(1000)
    while ((await fetchIt(id)).status !== 404) await wait(20)
  })
})

describe('a body that stops half-way, sent with the token,', () => {
  it.each([
    ['of a command', '/api/call/runs'],
    ['of an upload', '/api/upload?name=half.npz&group=stalled'],
  ])(
    '%s: is given up and its connection closed; others are served meanwhile and afterwards',
    async (_, path) => {
      const socket = connect(serving.port, '127.0.0.1')
      let received = ''
      socket.setEncoding('utf8').on('data', (text: string) => (received += text))
      const closed = new Promise((gone) => socket.once('close', gone))
      socket.write(
        [
          `POST ${path} HTTP/1.1`,
          'Host: 127.0.0.1',
          `Authorization: Bearer ${token}`,
          'Content-Length: 100',
          '',
          '{"half":',
        ].join('\r\n'),
      )
      await expectAlive()
      await closed
      expect(received).toMatch(/^HTTP\/1\.1 408 /)
      expect(received).toMatch(/\r\nConnection: close\r\n/)
      await expectAlive()
    },
  )

  it('leaves nothing of itself: the same upload can be sent again', async () => {
    const path = '/api/upload?name=half.npz&group=stalled'
    const reply = replyOf(await send({ method: 'POST', path, headers: bearer(), body: 'whole' })) as {
      ok: { path: string }
    }
    expect(readFileSync(join(reply.ok.path, 'half.npz'), 'utf8')).toBe('whole')
  })
})

interface Opened {
  readonly socket: WebSocket
  /** Messages from the server. */
  readonly heard: string[]
  readonly closed: Promise<number>
}

/** Rejects with the HTTP status if the server opens no socket. */
function openSocket(protocols: string[], headers: Record<string, string> = {}, port = serving.port) {
  return new Promise<Opened>((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/events`, protocols, { headers })
    const heard: string[] = []
    const closed = new Promise<number>((gone) => socket.once('close', gone))
    socket.on('message', (data: Buffer) => heard.push(data.toString()))
    socket.once('open', () => resolve({ socket, heard, closed }))
    socket.on('unexpected-response', (_, response) => reject(new Error(String(response.statusCode))))
    socket.on('error', reject)
  })
}
const withToken = () => [PROTOCOL, `token.${token}`]

describe('the events', () => {
  it('come to whoever has the token, each of them as the contract says', async () => {
    const { socket, heard } = await openSocket(withToken())
    expect(socket.protocol).toBe(PROTOCOL)
    await call('changeSettings', { theme: 'dark' })
    while (heard.length === 0) await wait(20)
    for (const text of heard) expect(labEventSchema.safeParse(JSON.parse(text)).success).toBe(true)
    socket.close()
  })

  it.each([
    ['no token', () => [PROTOCOL], {}, '401'],
    ['a wrong token', () => [PROTOCOL, 'token.x'], {}, '401'],
    ['no protocol', () => [`token.${token}`], {}, '401'],
    ['another origin', withToken, { Origin: 'https://example.org' }, '403'],
    ['a forged Host', withToken, { Host: 'lab.example.org' }, '403'],
  ] as [string, () => string[], Record<string, string>, string][])(
    'do not come with %s',
    async (_, protocols, headers, status) => {
      await expect(openSocket(protocols(), headers)).rejects.toThrow(status)
      await expectAlive()
    },
  )

  it('end for a watcher that talks', async () => {
    const { socket, closed } = await openSocket(withToken())
    socket.send('{"type":"start"}')
    expect(await closed).toBe(1008)
    await logged('a message from a watcher')
  })

  it('end for a watcher that talks too much', async () => {
    const { socket, closed } = await openSocket(withToken())
    socket.send('x'.repeat(100_000))
    expect([1006, 1009]).toContain(await closed)
    await expectAlive()
  })

  it('end for a watcher whose frames make no sense', async () => {
    const raw = connect(serving.port, '127.0.0.1')
    raw.write(
      [
        'GET /api/events HTTP/1.1',
        `Host: 127.0.0.1:${serving.port}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        `Sec-WebSocket-Protocol: ${withToken().join(', ')}`,
        '\r\n',
      ].join('\r\n'),
    )
    await new Promise((opened) => raw.once('data', opened))
    const gone = new Promise((closed) => raw.once('close', closed))
    // Reserved bits set, an unknown opcode, no mask.
    raw.write(Buffer.from([0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 1]))
    await gone
    await expectAlive()
  })
})

describe('through a forwarded port', () => {
  const forwarder = createForwarder((near) => {
    const far = connect(serving.port, '127.0.0.1')
    near.pipe(far).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
  })
  let port: number
  beforeAll(async () => {
    await new Promise<void>((listening) => forwarder.listen(0, '127.0.0.1', listening))
    port = (forwarder.address() as AddressInfo).port
  })
  afterAll(() => forwarder.close())

  it.each(['127.0.0.1', 'localhost', '[::1]'])('calls and events work as %s', async (name) => {
    const own = { Host: `${name}:${port}`, Origin: `http://${name}:${port}` }
    const answered = await call('methods', {}, { ...bearer(), ...own }, port)
    expect(answered.status).toBe(200)
    expect(replyOf(answered)).toHaveProperty('ok')
    const { socket, heard } = await openSocket(withToken(), own, port)
    await call('changeSettings', { theme: 'light' })
    while (heard.length === 0) await wait(20)
    socket.close()
  })

  it('another origin is refused there too', async () => {
    const headers = { ...bearer(), Host: `localhost:${port}`, Origin: `http://localhost:${serving.port}` }
    expect((await call('runs', {}, headers, port)).status).toBe(403)
  })
})

/** The first port that users other than root may use; 0 in many containers. */
const leastFreePort = existsSync('/proc/sys/net/ipv4/ip_unprivileged_port_start')
  ? Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  : 0

describe('a port', () => {
  it('that is taken is named', async () => {
    await expect(serve(watched.lab, page, serving.port)).rejects.toMatchObject({
      code: 'port-taken',
      params: { port: serving.port },
    })
  })

  it.runIf(leastFreePort > 80)('that only root may use is named, with what would do', async () => {
    const refused = withoutRights(() => serve(watched.lab, page, 80))
    await expect(refused).rejects.toMatchObject({ code: 'port-not-allowed', params: { port: 80 } })
  })

  it('is open on this machine only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of outside) expect(await canConnect(address, serving.port)).toBe(false)
    expect(await canConnect('127.0.0.1', serving.port)).toBe(true)
    expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
  })
})

function canConnect(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

describe('a connection', () => {
  const spend = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  const answerOn = (socket: ReturnType<typeof connect>) =>
    new Promise<string>((resolve) => {
      let text = ''
      socket.setEncoding('latin1').on('data', (part: string) => (text += part))
      socket.on('close', () => resolve(text))
      socket.on('error', () => resolve(text))
    })

  it('whose request arrives while this process is busy is answered; one without a request is closed', async () => {
    const [honest, silent] = [connect(serving.port, '127.0.0.1'), connect(serving.port, '127.0.0.1')]
    const answers = [answerOn(honest), answerOn(silent)]
    // The server has both connections, and their time runs.
    await wait(100)
    // In a callback of the system, because Node runs timers after these and before it reads from connections again.
    stat(__filename, () => {
      honest.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${serving.port}\r\nConnection: close\r\n\r\n`)
      spend(1500)
    })
    const [text, nothing] = await Promise.all(answers)
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    expect(nothing).toBe('')
  })
})
