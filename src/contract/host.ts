/**
 * How a page reaches the lab. Two hosts provide the same commands and events; each checks every message against
 * contract/lab.ts.
 *
 * Desktop: the preload script adds only a `Bridge`, as `window.dalab`.
 *
 * Loopback HTTP, for a browser. The token is in the address once, `#token=...`; requests send it as
 * `Authorization: Bearer TOKEN`, the WebSocket as a subprotocol.
 * - POST /api/call/NAME: JSON input -> a `Reply`
 * - WS /api/events: subprotocols ['dalab', 'token.TOKEN'] -> one JSON LabEvent per message
 * - POST /api/upload?name=N: raw bytes -> a `Reply` of { path }
 * - POST /api/upload?name=N&group=G: the same, but N may contain folders ("cats/1.png"), and all files of one G are
 *   stored in one folder, whose path is returned
 * - GET /api/download/ID: bytes, named by Content-Disposition
 *
 * A download is deleted once it has been fetched, an upload once it has been imported. A browser cannot name a path on
 * the lab's machine: it calls `export` with out = DOWNLOAD and gets download IDs as `files`, one per file (a tfjs
 * model is one archive); `writePredictions` with the same `out` gets one as `file`.
 */
import type { ErrorMessage } from './errors'

/** Outcome of a call. An error is returned, not thrown, because Electron's IPC drops the code of a rejection. */
export type Reply = { readonly ok: unknown } | { readonly error: ErrorMessage }

export const DOWNLOAD = 'download:'
export const PROTOCOL = 'dalab'
/** Begins the name of the folder that holds uploads, and of the one that holds files gathered from several places. */
export const TRANSFERS = 'dalab-transfers-'

/** Requests to the page from menus and the system. */
export type HostRequest =
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'open'; readonly path: string }
  | { readonly type: 'control'; readonly action: 'start' | 'pause' | 'stop' }

export const pages = ['experiment', 'checkpoints', 'compare', 'data', 'learn', 'settings'] as const
export type Page = (typeof pages)[number]

/** What the desktop adds to `call` and `subscribe`: native dialogs and the file manager. */
export interface Bridge {
  /**
   * Input and `Reply` as JSON. Electron's context bridge never frees an object that has crossed it
   * (electron/electron#27039), a few kilobytes per round of a run; strings are freed.
   */
  call(name: string, input: string): Promise<string>
  /** Passes each event as JSON; returns the function that ends the subscription. */
  subscribe(listener: (event: string) => void): () => void
  /** A native open dialog; null when it was cancelled. */
  chooseOpen(what: 'file' | 'folder'): Promise<string | null>
  /** A native save dialog; null when it was cancelled. */
  chooseSave(suggestedName: string): Promise<string | null>
  /** The path of a dropped `File`. */
  pathOf(file: object): string
  showInFolder(path: string): void
  openLogs(): void
  onRequest(listener: (request: HostRequest) => void): () => void
  /** The lab's own version, for About. */
  readonly version: string
  /** Names and versions for About: Electron, Chromium, Node. */
  readonly versions: Readonly<Record<string, string>>
}
