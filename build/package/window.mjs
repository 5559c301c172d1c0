/**
 * Drives the window of a program that is already running. Electron 9.4.1 opens Node's inspector at SIGUSR1; through it
 * the page is read, clicked and captured. In a release of a current Electron, a fuse turns the inspector off.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'

const inspector = 'http://127.0.0.1:9229/json/list'
const electron = "process.mainModule.require('electron')"
const contents = `${electron}.BrowserWindow.getAllWindows()[0].webContents`

/** @param {number} pid of the program's main process */
export async function holdWindow(pid) {
  // Until the program handles the signal, the signal would end it.
  await until(() => catchesSignal(pid))
  process.kill(pid, 'SIGUSR1')
  const [target] = await until(() => fetch(inspector).then((answer) => answer.json()))
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await once(socket, 'open')
  let calls = 0

  function inMain(asked) {
    const id = ++calls
    // Stored in a global, because V8 would collect an unreferenced promise before it settles.
    const expression = `globalThis.asked${id} = ${asked}`
    socket.send(
      JSON.stringify({
        id,
        method: 'Runtime.evaluate',
        params: { expression, awaitPromise: true, returnByValue: true },
      }),
    )
    return new Promise((resolve, reject) => {
      socket.on('message', function listen(text) {
        const message = JSON.parse(String(text))
        if (message.id !== id) return
        socket.off('message', listen)
        if (message.error) return reject(new Error(message.error.message))
        const { result, exceptionDetails } = message.result
        if (exceptionDetails)
          reject(new Error(exceptionDetails.exception?.description ?? exceptionDetails.text))
        else resolve(result.value)
      })
    })
  }

  const inPage = (expression) => inMain(`${contents}.executeJavaScript(${JSON.stringify(expression)})`)
  const found = (selector) => `document.querySelector(${JSON.stringify(selector)})`
  const text = (selector) => inPage(`${found(selector)}?.textContent?.trim() ?? null`)

  return {
    text: (selector) => until(() => text(selector)),
    /** Waits until the element's text contains the words, and returns the text. */
    async says(selector, words) {
      return until(async () => ((await text(selector)) ?? '').includes(words) && text(selector))
    },
    async click(selector) {
      await until(() => inPage(`${found(selector)} !== null && !${found(selector)}.disabled`))
      await inPage(`${found(selector)}.click()`)
    },
    async fill(selector, value) {
      await until(() => inPage(`${found(selector)} !== null`))
      await inPage(`{
        const field = ${found(selector)}
        field.value = ${JSON.stringify(value)}
        for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }))
      }`)
    },
    /** @returns {Promise<Buffer>} PNG */
    async picture() {
      const image = `${contents}.capturePage().then((image) => image.toPNG().toString('base64'))`
      return Buffer.from(await inMain(image), 'base64')
    },
    close: () => {
      void inMain(`void setTimeout(() => ${electron}.BrowserWindow.getAllWindows()[0].close(), 100)`)
      return wait(500).then(() => socket.terminate())
    },
  }
}

function catchesSignal(pid) {
  const [, caught] = /SigCgt:\s*(\w+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (BigInt(`0x${caught}`) >> BigInt(constants.signals.SIGUSR1 - 1)) & 1n
}

const patience = 300_000

/** Calls `ask` until it returns a true value; errors count as no answer. Throws after `patience` milliseconds. */
export async function until(ask) {
  const last = Date.now() + patience
  for (;;) {
    const answer = await Promise.resolve()
      .then(ask)
      .catch(() => null)
    if (answer) return answer
    if (Date.now() > last) throw new Error(`waited in vain: ${ask}`)
    await wait(200)
  }
}
