/** The desktop's client with a bridge that passes strings, as the real one does. */
import { describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import type { Bridge, Reply } from '../../src/contract/host'
import { ipcHost, topOf } from '../../renderer/lab/ipc'
import * as fixtures from './fixtures'

function bridgeWith(reply: Reply, chosen: string | null = null) {
  const listeners = new Set<(event: string) => void>()
  const call = vi.fn((_name: string, _input: string) => Promise.resolve(JSON.stringify(reply)))
  const bridge: Bridge = {
    call,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    chooseOpen: () => Promise.resolve(chosen),
    chooseSave: () => Promise.resolve(chosen),
    pathOf: () => '/home/me/digits/3/1.png',
    showInFolder: () => undefined,
    openLogs: () => undefined,
    onRequest: () => () => undefined,
    version: '0.1.0',
    versions: {},
  }
  return { bridge, call, listeners }
}

describe('the lab over the bridge', () => {
  it('sends reactive values as plain ones', async () => {
    const { bridge, call } = bridgeWith({ ok: [fixtures.summary] })
    const classes = reactive({ domain: fixtures.experiment.source })
    await ipcHost(bridge)
      .lab.call('gallery', { ...classes, count: 3 })
      .catch(() => undefined)
    expect(call.mock.calls.map(([, input]) => JSON.parse(input) as unknown)).toEqual([
      { domain: fixtures.experiment.source, count: 3 },
    ])
  })

  it('rejects with the code that crossed', async () => {
    const { bridge } = bridgeWith({ error: { code: 'run-locked', params: { run: 'a', pid: 7 } } })
    await expect(ipcHost(bridge).lab.call('trash', { run: 'a' })).rejects.toMatchObject({
      code: 'run-locked',
      params: { pid: 7 },
    })
  })

  it('drops an event that does not fit the contract, and passes the others on', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const { bridge, listeners } = bridgeWith({ ok: {} })
    const received = vi.fn()
    ipcHost(bridge).lab.subscribe(received)
    for (const listener of listeners) {
      listener(JSON.stringify({ type: 'nonsense' }))
      listener(JSON.stringify({ type: 'runs-changed' }))
    }
    expect(received.mock.calls).toEqual([[{ type: 'runs-changed' }]])
    expect(warn).toHaveBeenCalledOnce()
    warn.mockRestore()
  })

  it('exports nothing when the dialog was cancelled', async () => {
    const { bridge, call } = bridgeWith({ ok: { files: [] } })
    expect(await ipcHost(bridge).files.exportCheckpoint('/a', 'npy', 'a')).toBeNull()
    expect(call).not.toHaveBeenCalled()
  })

  it('finds the dropped folder from a file inside it', () => {
    expect(topOf('/home/me/digits/3/1.png', 'digits/3/1.png')).toBe('/home/me/digits')
    expect(topOf('C:\\me\\digits\\3\\1.png', 'digits/3/1.png')).toBe('C:\\me\\digits')
    expect(topOf('/home/me/a.npz', 'a.npz')).toBe('/home/me/a.npz')
  })
})
