/** Global set-up for tests that open windows: starts an X display under the first free number. */
import { spawn } from 'child_process'
import type { Readable } from 'stream'

const screen = ['-screen', '0', '1600x1200x24', '-nolisten', 'tcp']

export default async function setup(): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux') return undefined
  const server = spawn('Xvfb', ['-displayfd', '3', ...screen], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  process.env.DISPLAY = `:${await numberFrom(server.stdio[3] as Readable)}`
  // Electron would prefer Wayland.
  delete process.env.WAYLAND_DISPLAY
  return () => void server.kill()
}

function numberFrom(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    stream.once('data', (line: Buffer) => resolve(line.toString().trim()))
    stream.once('close', () => reject(new Error('Xvfb did not start')))
  })
}
