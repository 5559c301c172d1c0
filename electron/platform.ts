/**
 * Every difference between the Electron versions that the lab runs on, by feature detection: the current one,
 * and 9.4.1, with which the desktop program can be run where the current one cannot be had. Each shape below
 * is written out, because neither version's types know the other's functions.
 */
import type { Protocol, Session, WebContents } from 'electron'

export interface PageResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

type Respond = (url: string) => Promise<PageResponse>

interface CurrentProtocol {
  handle(scheme: string, handler: (request: { url: string }) => Promise<unknown>): void
}

interface OldProtocol {
  registerBufferProtocol(
    scheme: string,
    handler: (
      request: { url: string },
      callback: (response: { statusCode: number; headers: Record<string, string>; data: Buffer }) => void,
    ) => void,
  ): void
}

interface ResponseConstructor {
  new (body: Buffer, init: { status: number; headers: Record<string, string> }): unknown
}

const has = (object: object, name: string): boolean => name in object

/** Serves a privileged scheme: `protocol.handle`, or `registerBufferProtocol` before Electron 25. */
export function servePage(protocol: Protocol, scheme: string, respond: Respond): void {
  if (has(protocol, 'handle')) {
    // Where `handle` exists, so does the web's Response.
    const Response = Reflect.get(globalThis, 'Response') as ResponseConstructor
    const current = protocol as unknown as CurrentProtocol
    current.handle(scheme, async ({ url }) => {
      const { status, headers, body } = await respond(url)
      return new Response(body, { status, headers: { ...headers } })
    })
    return
  }
  const old = protocol as unknown as OldProtocol
  old.registerBufferProtocol(scheme, ({ url }, callback) => {
    void respond(url).then(({ status, headers, body }) =>
      callback({ statusCode: status, headers: { ...headers }, data: body }),
    )
  })
}

interface CurrentContents {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void
}

interface OldContents {
  on(event: 'new-window', listener: (event: { preventDefault(): void }) => void): void
}

/** No page ever opens a window: `setWindowOpenHandler`, or the `new-window` event before Electron 12. */
export function denyNewWindows(contents: WebContents): void {
  if (has(contents, 'setWindowOpenHandler')) {
    ;(contents as unknown as CurrentContents).setWindowOpenHandler(() => ({ action: 'deny' }))
    return
  }
  ;(contents as unknown as OldContents).on('new-window', (event) => event.preventDefault())
}

/**
 * The address of the frame that sent a message; before Electron 17 only the page's own is known. A frame that has gone
 * meanwhile has none: its page may be another one by now.
 */
export function senderAddress(event: { sender: WebContents; senderFrame?: { url: string } | null }): string {
  return has(event, 'senderFrame') ? (event.senderFrame?.url ?? '') : event.sender.getURL()
}

/** Denies every permission: the request, and (from Electron 4 on) the silent check. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
}

/** What the launcher of a package adds, which there is before Electron 16 alone (build/package/launcher.mjs). */
export function launcherOptions(commandLine: object): readonly string[] {
  return has(commandLine, 'removeSwitch') ? [] : ['disable-seccomp-filter-sandbox']
}

/** Options that Electron 9 defaults to what is unsafe, and later versions no longer know. */
export const safeDefaults: Readonly<Record<string, boolean>> = {
  enableRemoteModule: false,
  worldSafeExecuteJavaScript: true,
}

interface WebUtils {
  getPathForFile(file: object): string
}

/** Where a dropped file lies: `webUtils` from Electron 29 on, `File.path` before 32. */
export function pathOfFile(electron: object, file: object): string {
  const { webUtils } = electron as { webUtils?: WebUtils }
  return webUtils === undefined ? (file as { path: string }).path : webUtils.getPathForFile(file)
}
