// @vitest-environment node
/** The browser's client against the real server. */
import { mkdtemp, writeFile } from 'fs/promises'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { labError } from '../../src/contract/errors'
import type { GuardedLab } from '../../src/contract/answer'
import type { LabEvent } from '../../src/contract/lab'
import { serve, type Serving } from '../../src/server/serve'
import type { Connection } from '../../renderer/lab/client'
import { httpHost } from '../../renderer/lab/http'
import * as fixtures from './fixtures'

const listeners = new Set<(event: LabEvent) => void>()
const lab: GuardedLab = {
  log: () => undefined,
  call: (name) => {
    if (name === 'runs') return Promise.resolve([fixtures.summary] as never)
    // A reply that does not match the contract.
    if (name === 'settings') return Promise.resolve({ threads: 'two' } as never)
    return Promise.reject(labError('unknown-run', { name: 'x', nearest: 'y' }))
  },
  subscribe: (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

let serving: Serving
beforeAll(async () => {
  const page = await mkdtemp(join(tmpdir(), 'page-'))
  await writeFile(join(page, 'index.html'), '<!doctype html><title>page</title>')
  serving = await serve(lab, page, 0)
  vi.stubGlobal('WebSocket', WebSocket)
  vi.stubGlobal('location', { href: `http://127.0.0.1:${serving.port}/` })
})
afterAll(async () => {
  await serving.close()
  vi.unstubAllGlobals()
})

const connected = (token: string) => httpHost(token)
const token = () => serving.url.split('token=')[1] ?? ''

describe('the lab over HTTP', () => {
  it('answers a command', async () => {
    expect(await connected(token()).lab.call('runs', {})).toEqual([fixtures.summary])
  })

  it('passes a refusal on with its code and parameters', async () => {
    await expect(connected(token()).lab.call('run', { run: 'x' })).rejects.toMatchObject({
      code: 'unknown-run',
      params: { name: 'x', nearest: 'y' },
    })
  })

  it('refuses an answer that does not fit the contract', async () => {
    await expect(connected(token()).lab.call('settings', {})).rejects.toMatchObject({
      code: 'contract-violation',
    })
  })

  it('passes events on', async () => {
    const others = listeners.size
    const host = connected(token())
    const received = new Promise<LabEvent>((resolve) => host.lab.subscribe(resolve))
    await vi.waitFor(() => expect(listeners.size).toBeGreaterThan(others))
    const event: LabEvent = { type: 'recorded', run: 'r', event: fixtures.roundEvent(1) }
    for (const listener of listeners) listener(event)
    expect(await received).toEqual(event)
  })

  it('knows that a wrong token is refused', async () => {
    const host = connected('wrong')
    const states: Connection[] = []
    host.onConnection((state) => states.push(state))
    await expect(host.lab.call('runs', {})).rejects.toMatchObject({ code: 'unexpected' })
    await vi.waitFor(() => expect(states).toContain('refused'))
  })

  it('uploads a file and learns where it lies', async () => {
    const file = new File([new Uint8Array([1, 2, 3])], 'three.npz')
    const path = await connected(token()).files.bring([{ file, name: 'three.npz' }])
    expect(path).toMatch(/three\.npz$/)
  })
})
