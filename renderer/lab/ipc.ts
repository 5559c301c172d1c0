/** Host for Electron: commands and events over the bridge from the preload script. */
import type { Bridge, Reply } from '../../src/contract/host'
import { sharedName, topsOf } from './together'
import { callThrough, checkedEvent, type Host } from './client'

export function ipcHost(bridge: Bridge): Host {
  const call = callThrough(
    async (name, input) => JSON.parse(await bridge.call(name, JSON.stringify(input))) as Reply,
  )
  return {
    lab: {
      call,
      subscribe: (listener) =>
        bridge.subscribe((message) => {
          const event = checkedEvent(JSON.parse(message))
          if (event !== null) listener(event)
        }),
    },
    files: {
      pick: (what) => bridge.chooseOpen(what),
      bring: async (dropped) => {
        const [first] = dropped
        if (first === undefined) throw new Error('nothing was dropped')
        const tops = topsOf(dropped)
        if (tops.length === 1) return topOf(bridge.pathOf(first.file), first.name)
        const files = dropped.map(({ file, name }) => ({ path: bridge.pathOf(file), name }))
        return (await call('gatherFiles', { name: sharedName(tops), files })).path
      },
      exportCheckpoint: async (checkpoint, format, suggestedName) => {
        const out = await bridge.chooseSave(suggestedName)
        if (out === null) return null
        return (await call('export', { checkpoint, format, out })).notes
      },
      exportPredictions: async (order, suggestedName) => {
        const out = await bridge.chooseSave(suggestedName)
        if (out === null) return false
        // The dialog has asked before it gives the path of a file that exists.
        await call('writePredictions', { ...order, out, existing: 'replace' })
        return true
      },
      showInFolder: (path) => bridge.showInFolder(path),
      openLogs: () => bridge.openLogs(),
    },
    version: bridge.version,
    versions: bridge.versions,
    onConnection: (listener) => {
      listener('up')
      return () => undefined
    },
    onRequest: (listener) => bridge.onRequest(listener),
  }
}

/** Path of the dropped folder, if `name` ("digits/3/1.png") shows that the file was inside one. */
export function topOf(path: string, name: string): string {
  const inside = name.split('/').length - 1
  return inside === 0
    ? path
    : path
        .split(/[\\/]/)
        .slice(0, -inside)
        .join(path.includes('\\') ? '\\' : '/')
}
