/** The command-line switches that a release passes on to Chromium. */
import { describe, expect, it } from 'vitest'
import { launcherOptions } from '../../../electron/platform'
import { wordsToHeed } from '../../../electron/release-words'

describe('the words that a release heeds', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-port',
    '-remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--inspect',
    '--inspect-brk=0.0.0.0:9229',
    '--load-extension=/tmp/x',
    '--gpu-launcher=/bin/sh',
    '--renderer-cmd-prefix=/bin/sh',
    '--js-flags=--expose-gc',
    '--no-sandbox',
    '--disable-web-security',
    '--require=/tmp/x.js',
    '-r',
    '--inspect.safetensors',
    '--lang.safetensors',
    '-',
  ])('are not %s', (option) => {
    expect(wordsToHeed([option])).toEqual([])
    expect(wordsToHeed(['/a/b.safetensors', option, 'c'])).toEqual(['/a/b.safetensors', 'c'])
    expect(wordsToHeed(['--', option])).toEqual(['--', option])
  })

  it.each([
    { given: [] },
    { given: ['a', 'file:///b'] },
    { given: ['--lang=zh-CN', '--disable-gpu', '--force-device-scale-factor=2', 'a'] },
  ])('are all of $given', ({ given }) => {
    expect(wordsToHeed(given)).toEqual(given)
  })

  it('are not those with a slash on Windows, where a file begins with its drive', () => {
    const words = ['/remote-debugging-port=9222', 'C:\\a.safetensors']
    expect(wordsToHeed(words, [], 'win32')).toEqual(['C:\\a.safetensors'])
    expect(wordsToHeed(words, [], 'linux')).toEqual(words)
  })

  it("are the launcher's own in the old Electron, which has no removeSwitch, and in no other", () => {
    const words = ['--disable-seccomp-filter-sandbox', '--', 'a']
    expect(wordsToHeed(words, launcherOptions({}))).toEqual(words)
    expect(wordsToHeed(words, launcherOptions({ removeSwitch: () => undefined }))).toEqual(['--', 'a'])
  })
})
