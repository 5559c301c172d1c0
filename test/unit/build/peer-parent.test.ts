/** A measurement in Python ends with the program that started it. */
import { spawn } from 'child_process'
import { once } from 'events'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { findPython } from '../../../build/machine.mjs'

const python = findPython()
const scripts = join(__dirname, '../../../build/peer')

const measurement = `
import os, sys
sys.path.insert(0, ${JSON.stringify(scripts)})
from parent import end_with_parent
end_with_parent()
print(os.getpid(), flush=True)
while True: pass
`

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it.runIf(python !== null && process.platform !== 'win32')(
  'a measurement in Python ends when its program is killed, in the middle of its work',
  async () => {
    const line = JSON.stringify([python!.command, ['-B', '-c', measurement]])
    const starter = `require('child_process').spawn(...${line}, { stdio: ['ignore', 'inherit', 'inherit'] })`
    const program = spawn(process.execPath, ['-e', starter], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = (await once(program.stdout, 'data')) as [Buffer]
    const pid = Number(said.toString())
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    })
    expect(isAlive(pid)).toBe(true)
    program.kill('SIGKILL')
    while (isAlive(pid)) await wait(50)
  },
)
