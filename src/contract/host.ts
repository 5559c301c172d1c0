/**
 * How a page reaches the lab. Two hosts carry the same commands and events; each checks what it carries
 * against contract/lab.ts.
 *
 * Desktop: the preload script puts a `Bridge` on `window.dalab`, and nothing else.
 *
 * Loopback HTTP, for a browser. The token comes once in the address, `#token=...`; requests carry it as
 * `Authorization: Bearer TOKEN`, the WebSocket as a subprotocol.
 *   POST /api/call/NAME            JSON input -> a `Reply`
 *   WS   /api/events               subprotocols ['dalab', 'token.TOKEN'] -> one JSON LabEvent a message
 *   POST /api/upload?name=N        raw bytes -> a `Reply` of { path }
 *   POST /api/upload?name=N&group=G   the same; N may hold folders ("cats/1.png"), and every file of one G
 *                                  lands in one folder, which is the path that is answered
 *   GET  /api/download/ID          bytes, named by Content-Disposition; once fetched it is gone, and so is
 *                                  an upload once it was imported
 * A browser cannot name a place on the lab's machine: it calls `export` with out = DOWNLOAD, and the files
 * that come back are download IDs, one a file (a tfjs model comes as one archive).
 */
import type { ErrorMessage } from './errors'

/** Outcome of a call. Rejections would lose the code on their way through Electron's IPC. */
export type Reply = { readonly ok: unknown } | { readonly error: ErrorMessage }

export const DOWNLOAD = 'download:'
export const PROTOCOL = 'dalab'

/** What menus and the system ask of the page. */
export type HostRequest =
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'open'; readonly path: string }
  | { readonly type: 'control'; readonly action: 'start' | 'pause' | 'stop' }

export const pages = ['experiment', 'checkpoints', 'compare', 'data', 'learn', 'settings'] as const
export type Page = (typeof pages)[number]

/** What the desktop adds to `call` and `subscribe`: native dialogs and the file manager. */
export interface Bridge {
  /**
   * Input and `Reply` as JSON: Electron's context bridge remembers every object that ever crossed it
   * (electron/electron#27039), a few kilobytes each round of a run; texts it does not.
   */
  call(name: string, input: string): Promise<string>
  /** Each event as JSON; returns the function that ends the subscription. */
  subscribe(listener: (event: string) => void): () => void
  /** A native open dialog; null when it was cancelled. */
  chooseOpen(what: 'file' | 'folder'): Promise<string | null>
  /** A native save dialog; null when it was cancelled. */
  chooseSave(suggestedName: string): Promise<string | null>
  /** Where a dropped `File` lies. */
  pathOf(file: object): string
  showInFolder(path: string): void
  openLogs(): void
  onRequest(listener: (request: HostRequest) => void): () => void
  /** The lab's own version, for About. */
  readonly version: string
  /** Names and versions for About: Electron, Chromium, Node. */
  readonly versions: Readonly<Record<string, string>>
}
