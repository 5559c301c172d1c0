/**
 * `npm start [-- FILE ...]`: sets up what is missing and opens the lab in its window, or in a browser if there is
 * none. Files are opened in the window.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { electronEnvironment, electronOptions } from './electron.mjs'
import { checkout, goWhereTyped } from './machine.mjs'
import { runProgram, say } from './progress.mjs'
import { setUpWindow } from './setup.mjs'
import { installOr, missingForWindow, sayMissing } from './system.mjs'

async function main() {
  const electron = await setUpWindow()
  goWhereTyped()
  if (!electron) return serve()
  if (!hasDisplay()) {
    say('no-display')
    return serve()
  }
  if (electron.origin === 'npm' && process.platform === 'linux' && process.getuid?.() === 0) {
    say('root-without-window', electron)
    return serve()
  }
  await installOr(missingForWindow(), sayMissing)
  const options = electronOptions(electron)
  if (options.length > 0) say('old-electron', { version: electron.version, options: options.join(' ') })
  const words = [...options, checkout, ...process.argv.slice(2)]
  return run(electron.program, words, electronEnvironment(electron))
}

function serve() {
  return run(process.execPath, [join(checkout, 'dist', 'cli.cjs'), 'serve', ...process.argv.slice(2)])
}

function hasDisplay() {
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/**
 * Runs a program and waits for it. Ctrl-C reaches it directly, because it runs in the same terminal.
 * @param {Record<string, string>} more variables added to its environment
 * @returns {Promise<number>} its exit code
 */
function run(command, args, more = {}) {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const child = spawn(command, args, { stdio: 'inherit', env: { ...more, ...env } })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  let isTerminalGone = false
  process.on('SIGHUP', () => {
    isTerminalGone = true
    child.kill('SIGHUP')
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      // Node aborts when it tries to restore the settings of a closed terminal.
      if (isTerminalGone) process.removeAllListeners('SIGHUP').kill(process.pid, 'SIGHUP')
      resolve(code ?? 1)
    })
  })
}

await runProgram(main)
