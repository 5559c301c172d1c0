/** Host for a browser: commands over HTTP, events over one WebSocket that reconnects when the connection is lost. */
import { version } from '../../package.json'
import { labError } from '../../src/contract/errors'
import { DOWNLOAD, PROTOCOL, type Reply } from '../../src/contract/host'
import type { LabEvent } from '../../src/contract/lab'
import { saveBlob } from './save-blob'
import { together } from './together'
import { callThrough, checkedEvent, type BroughtFile, type Connection, type Host } from './client'

const firstRetry = 500
const slowestRetry = 8000

export function httpHost(token: string): Host {
  const eventListeners = new Set<(event: LabEvent) => void>()
  const connectionListeners = new Set<(state: Connection) => void>()
  let connection: Connection = 'up'
  let retry = firstRetry

  function become(state: Connection): void {
    if (state === connection) return
    connection = state
    for (const listener of connectionListeners) listener(state)
  }

  async function request(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('Authorization', `Bearer ${token}`)
    try {
      const response = await fetch(new URL(path, location.href).href, { ...init, headers })
      if (response.status === 401 || response.status === 403) become('refused')
      return response
    } catch {
      become('lost')
      throw labError('unexpected', { problem: 'the lab does not answer' })
    }
  }

  async function reply(response: Response): Promise<Reply> {
    try {
      return (await response.json()) as Reply
    } catch {
      throw labError('unexpected', { problem: `HTTP ${response.status}` })
    }
  }

  async function ok(response: Response): Promise<unknown> {
    const answer = await reply(response)
    if ('error' in answer) throw labError(answer.error.code, answer.error.params as never)
    return answer.ok
  }

  const call = callThrough(async (name, input) =>
    reply(
      await request(`api/call/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      }),
    ),
  )

  function listen(): void {
    const address = new URL('api/events', location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address.href, [PROTOCOL, `token.${token}`])
    socket.onopen = () => {
      const wasLost = connection === 'lost'
      retry = firstRetry
      become('up')
      // Events were missed while disconnected, so the data read before is stale.
      if (wasLost) for (const listener of eventListeners) listener({ type: 'runs-changed' })
    }
    socket.onmessage = (message: MessageEvent<string>) => {
      const event = checkedEvent(JSON.parse(message.data))
      if (event !== null) for (const listener of eventListeners) listener(event)
    }
    // The `close` event that follows an error handles it.
    socket.onerror = () => undefined
    socket.onclose = () => {
      if (connection === 'refused') return
      become('lost')
      setTimeout(listen, retry)
      retry = Math.min(retry * 2, slowestRetry)
    }
  }

  async function upload(brought: readonly BroughtFile[]): Promise<string> {
    const files = together(brought)
    const group = files.length > 1 ? `${Date.now()}-${Math.random().toString(36).slice(2)}` : null
    let path = ''
    for (const { file, name } of files) {
      const query = new URLSearchParams(group === null ? { name } : { name, group })
      const answer = await ok(await request(`api/upload?${query.toString()}`, { method: 'POST', body: file }))
      path = (answer as { path: string }).path
    }
    return path
  }

  async function download(id: string): Promise<void> {
    const response = await request(`api/download/${encodeURIComponent(id)}`, { method: 'GET' })
    if (!response.ok) throw labError('unexpected', { problem: `HTTP ${response.status}` })
    const named = /filename\*=UTF-8''(\S+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
    saveBlob(await response.blob(), named === undefined ? id : decodeURIComponent(named))
  }

  listen()
  return {
    lab: {
      call,
      subscribe: (listener) => {
        eventListeners.add(listener)
        return () => eventListeners.delete(listener)
      },
    },
    files: {
      pick: async (what) => {
        const files = await chooseFiles(what)
        return files.length === 0 ? null : upload(files)
      },
      bring: upload,
      exportCheckpoint: async (checkpoint, format) => {
        const { files, notes } = await call('export', { checkpoint, format, out: DOWNLOAD })
        for (const id of files) await download(id)
        return notes
      },
      exportPredictions: async (order) => {
        const { file } = await call('writePredictions', { ...order, out: DOWNLOAD })
        await download(file)
        return true
      },
      showInFolder: null,
      openLogs: null,
    },
    version: version,
    versions: {},
    onConnection: (listener) => {
      connectionListeners.add(listener)
      listener(connection)
      return () => connectionListeners.delete(listener)
    },
    onRequest: () => () => undefined,
  }
}

/** Shows the browser's file dialog. Older Chromium fires no event when it is cancelled. */
function chooseFiles(what: 'file' | 'folder'): Promise<BroughtFile[]> {
  const input = document.createElement('input')
  input.type = 'file'
  if (what === 'folder') input.webkitdirectory = true
  else input.multiple = true
  return new Promise((resolve) => {
    input.addEventListener('change', () =>
      resolve([...(input.files ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name }))),
    )
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
}
