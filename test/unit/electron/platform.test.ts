/**
 * Both branches of every difference between the current Electron and 9.4.1, each with stubs in that version's shape.
 */
import { describe, expect, it, vi } from 'vitest'
import {
  denyNewWindows,
  denyPermissions,
  pathOfFile,
  senderAddress,
  servePage,
  type PageResponse,
} from '../../../electron/platform'

const response: PageResponse = {
  status: 200,
  headers: { 'Content-Type': 'text/html', 'Content-Security-Policy': "default-src 'none'" },
  body: Buffer.from('page'),
}

describe('serving the page', () => {
  it('is `handle` with a Response in the current one', async () => {
    const handle = vi.fn<(scheme: string, handler: (request: { url: string }) => Promise<Response>) => void>()
    const asked: string[] = []
    servePage({ handle, registerBufferProtocol: vi.fn() } as never, 'app', (url) => {
      asked.push(url)
      return Promise.resolve(response)
    })
    const [scheme, handler] = handle.mock.calls[0]!
    expect(scheme).toBe('app')
    const answered = await handler({ url: 'app://lab/x.js' })
    expect(asked).toEqual(['app://lab/x.js'])
    expect(answered.status).toBe(200)
    expect(answered.headers.get('content-security-policy')).toBe("default-src 'none'")
    expect(await answered.text()).toBe('page')
  })

  it('is `registerBufferProtocol` in the old one', async () => {
    type Callback = (answer: unknown) => void
    const register =
      vi.fn<(scheme: string, handler: (request: { url: string }, callback: Callback) => void) => void>()
    servePage({ registerBufferProtocol: register } as never, 'app', () => Promise.resolve(response))
    const [scheme, handler] = register.mock.calls[0]!
    expect(scheme).toBe('app')
    const answered = await new Promise((resolve) => handler({ url: 'app://lab/' }, resolve))
    expect(answered).toEqual({ statusCode: 200, headers: response.headers, data: response.body })
  })
})

describe('new windows', () => {
  it('are denied by `setWindowOpenHandler` in the current one', () => {
    const setWindowOpenHandler = vi.fn<(handler: () => unknown) => void>()
    const on = vi.fn()
    denyNewWindows({ setWindowOpenHandler, on } as never)
    expect(setWindowOpenHandler.mock.calls[0]![0]()).toEqual({ action: 'deny' })
    expect(on).not.toHaveBeenCalled()
  })

  it('are denied by the `new-window` event in the old one', () => {
    const on = vi.fn<(event: string, listener: (event: { preventDefault(): void }) => void) => void>()
    denyNewWindows({ on } as never)
    const [name, listener] = on.mock.calls[0]!
    expect(name).toBe('new-window')
    const preventDefault = vi.fn()
    listener({ preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
  })
})

describe('the address of a sender', () => {
  const sender = { getURL: () => 'app://lab/' }

  it("is its frame's in the current one", () => {
    const senderFrame = { url: 'https://example.org/frame' }
    expect(senderAddress({ sender, senderFrame } as never)).toBe('https://example.org/frame')
  })

  it("is its page's in the old one", () => {
    expect(senderAddress({ sender } as never)).toBe('app://lab/')
  })

  it('is none where the frame has gone meanwhile: its page would answer for another', () => {
    expect(senderAddress({ sender, senderFrame: null } as never)).toBe('')
  })
})

describe('where a dropped file lies', () => {
  it('is told by `webUtils` in the current one', () => {
    const file = {}
    const getPathForFile = vi.fn<(given: object) => string>().mockReturnValue('/tmp/a.npz')
    expect(pathOfFile({ webUtils: { getPathForFile } }, file)).toBe('/tmp/a.npz')
    expect(getPathForFile).toHaveBeenCalledWith(file)
  })

  it('is its own path in the old one', () => {
    expect(pathOfFile({}, { path: '/tmp/a.npz' })).toBe('/tmp/a.npz')
  })
})

it('denies every permission, asked for or looked up', () => {
  const setPermissionRequestHandler =
    vi.fn<(handler: (contents: null, permission: string, decide: (may: boolean) => void) => void) => void>()
  const setPermissionCheckHandler = vi.fn<(handler: () => boolean) => void>()
  denyPermissions({ setPermissionRequestHandler, setPermissionCheckHandler } as never)
  const decide = vi.fn()
  setPermissionRequestHandler.mock.calls[0]![0](null, 'camera', decide)
  expect(decide).toHaveBeenCalledWith(false)
  expect(setPermissionCheckHandler.mock.calls[0]![0]()).toBe(false)
})
