/**
 * All differences between the supported Electron versions, handled by feature detection: the current version, and
 * 9.4.1 for machines where the current one is not available. Each type below is written out, because neither version's
 * types include the other's functions.
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
    // Versions with `handle` also have the web's Response.
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

/** Prevents pages from opening windows: `setWindowOpenHandler`, or the `new-window` event before Electron 12. */
export function denyNewWindows(contents: WebContents): void {
  if (has(contents, 'setWindowOpenHandler')) {
    ;(contents as unknown as CurrentContents).setWindowOpenHandler(() => ({ action: 'deny' }))
    return
  }
  ;(contents as unknown as OldContents).on('new-window', (event) => event.preventDefault())
}

/**
 * The URL of the frame that sent a message; before Electron 17 only the page's own URL is known. Empty if the frame no
 * longer exists, because the window may show another page by then.
 */
export function senderAddress(event: { sender: WebContents; senderFrame?: { url: string } | null }): string {
  return has(event, 'senderFrame') ? (event.senderFrame?.url ?? '') : event.sender.getURL()
}

/** Denies every permission: the request, and (from Electron 4 on) the silent check. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
}

/** The options that the package's launcher adds, before Electron 16 only (build/package/launcher.mjs). */
export function launcherOptions(commandLine: object): readonly string[] {
  return has(commandLine, 'removeSwitch') ? [] : ['disable-seccomp-filter-sandbox']
}

/** Options with unsafe defaults in Electron 9, which later versions have removed. */
export const safeDefaults: Readonly<Record<string, boolean>> = {
  enableRemoteModule: false,
  worldSafeExecuteJavaScript: true,
}

interface WebUtils {
  getPathForFile(file: object): string
}

/** The path of a dropped file: `webUtils` since Electron 29, `File.path` before 32. */
export function pathOfFile(electron: object, file: object): string {
  const { webUtils } = electron as { webUtils?: WebUtils }
  return webUtils === undefined ? (file as { path: string }).path : webUtils.getPathForFile(file)
}
