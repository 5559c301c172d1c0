/** Runs a command in a network namespace of its own and records every address that its processes connect or send to. */
import { spawnSync } from 'child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'

const calls = 'connect,sendto,sendmsg,sendmmsg'

export interface Traffic {
  readonly calls: Record<string, number>
  /** Lines of the trace with an address of another machine, or with a name lookup. */
  readonly strangers: string[]
}

/**
 * Sorts the calls of a trace by destination. A call without an address goes to the address that its socket connected
 * to.
 */
export function trafficIn(trace: string): Traffic {
  const counts: Record<string, number> = {}
  const strangers: string[] = []
  for (const line of trace.split('\n')) {
    const family = /sa_family=(AF_\w+)/.exec(line)?.[1]
    if (family === undefined) continue
    const address = /(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]*)"/.exec(line)?.[1] ?? ''
    const port = /sin6?_port=htons\((\d+)\)/.exec(line)?.[1]
    const isOwn = /^127\./.test(address) || address === '::1' || address === '::ffff:127.0.0.1'
    const isInternet = family === 'AF_INET' || family === 'AF_INET6'
    const isQuiet =
      ['AF_UNIX', 'AF_NETLINK', 'AF_UNSPEC'].includes(family) || (isInternet && isOwn && port !== '53')
    const where = isInternet && isOwn ? 'loopback' : family
    counts[where] = (counts[where] ?? 0) + 1
    if (!isQuiet) strangers.push(line)
  }
  return { calls: counts, strangers }
}

const withLoopback = 'ip link set lo up && exec "$@"'

const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user']
const namespace = ['unshare', ...asRoot, '--net', 'sh', '-c', withLoopback, 'sh']

/** A network namespace with only the loopback, or the machine's own network. */
export type Network = 'without a network' | 'with the network'

/** Runs a command under strace; its output goes to stderr. */
export function traced(
  command: readonly string[],
  network: Network,
): { readonly status: number | null; readonly trace: string } {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-trace-'))
  // One trace file for each process, as the lines of several would mix in one file.
  const trace = ['strace', '-ff', '-qq', '-e', `trace=${calls}`, '-o', join(folder, 'trace')]
  const [program = '', ...args] = [...(network === 'with the network' ? [] : namespace), ...trace, ...command]
  const { status } = spawnSync(program, args, { stdio: ['ignore', 2, 2] })
  const lines = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
  rmSync(folder, { recursive: true })
  return { status, trace: lines }
}

/** Containers may not allow a network namespace; the trace shows every address in either case. */
export function bestNetwork(): Network {
  const [program = '', ...args] = namespace
  const { status } = spawnSync(program, [...args, 'true'], { stdio: 'ignore' })
  return status === 0 ? 'without a network' : 'with the network'
}

/** Whether the trace shows a deliberate connection and a name lookup; a trace that misses these proves nothing. */
export function isSeen(network: Network): boolean {
  const action = `require('net').connect(9, '192.0.2.1').on('error', () => 0); require('dns').lookup('example.org', () => 0)`
  const { strangers } = trafficIn(traced([process.execPath, '-e', action], network).trace)
  return strangers.some((line) => line.includes('192.0.2.1'))
}
