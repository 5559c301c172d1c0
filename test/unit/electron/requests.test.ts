/** Requests to the window, while it exists and after it has closed. */
import { expect, it } from 'vitest'
import { bringForward, request } from '../../../electron/requests'

/** As in Electron, every method of a destroyed window except `isDestroyed` throws. */
function windowThat(is: { readonly destroyed: boolean; readonly minimised: boolean }) {
  const done: string[] = []
  const there = <T>(value: T): T => {
    if (is.destroyed) throw new TypeError('Object has been destroyed')
    return value
  }
  const window = {
    isDestroyed: () => is.destroyed,
    isMinimized: () => there(is.minimised),
    restore: () => there(done.push('restore')),
    focus: () => there(done.push('focus')),
    get webContents() {
      return there({
        send: (channel: string, what: unknown) => done.push(`${channel} ${JSON.stringify(what)}`),
      })
    },
  }
  return { window: window as never, done }
}

it('goes to its page', () => {
  const { window, done } = windowThat({ destroyed: false, minimised: false })
  request(window, { type: 'open', path: '/a' })
  expect(done).toEqual(['lab:request {"type":"open","path":"/a"}'])
})

it.each([
  [true, ['restore', 'focus']],
  [false, ['focus']],
])('a further start brings it forward (minimised: %s)', (minimised, expected) => {
  const { window, done } = windowThat({ destroyed: false, minimised })
  bringForward(window)
  expect(done).toEqual(expected)
})

it('comes to nothing when it has gone', () => {
  const { window, done } = windowThat({ destroyed: true, minimised: true })
  request(window, { type: 'open', path: '/a' })
  bringForward(window)
  expect(done).toEqual([])
})
