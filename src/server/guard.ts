/**
 * Decides which requests the loopback server accepts. A page of another site can reach 127.0.0.1 from the user's
 * browser, directly or by DNS rebinding; so a request needs the token, a Host that is a loopback name, and an Origin
 * (if the browser sends one) equal to that Host.
 */
import { createHash, randomBytes, timingSafeEqual } from 'crypto'
import type { IncomingMessage } from 'http'
import { PROTOCOL } from '../contract/host'

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i

export const newToken = (): string => randomBytes(32).toString('base64url')

/**
 * Any port is accepted: an SSH tunnel changes it. Two Host headers are rejected: proxies disagree on which one counts.
 */
export function isLoopback(request: IncomingMessage): boolean {
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length > 1) return false
  return loopback.test(request.headers.host ?? '')
}

/** A request without Origin does not come from a page, or is a plain GET from this server's own page. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  return origin === undefined || origin.toLowerCase() === `http://${host ?? ''}`.toLowerCase()
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares digests, so the time does not depend on the offered text or its length. */
const isToken = (offered: string, token: string): boolean => timingSafeEqual(digest(offered), digest(token))

export function hasBearer(request: IncomingMessage, token: string): boolean {
  const header = request.headers.authorization ?? ''
  return header.startsWith('Bearer ') && isToken(header.slice('Bearer '.length), token)
}

/** A WebSocket cannot set headers from a page, so the token comes as a second subprotocol: `token.TOKEN`. */
export function hasTokenProtocol(request: IncomingMessage, token: string): boolean {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const carried = offered.find((name) => name.startsWith('token.'))
  return offered.includes(PROTOCOL) && carried !== undefined && isToken(carried.slice('token.'.length), token)
}
