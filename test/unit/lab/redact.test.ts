/** A report must not contain paths, user names or the name of the machine. */
import { describe, expect, it } from 'vitest'
import { createRedaction } from '../../../src/lab/redact'

const folder = (path: string, word: string, isOurs = false) => ({ path, word, isOurs })

const redaction = createRedaction({
  folders: [
    folder('/home/janet', '<home>'),
    folder('/home/janet/.local/share/lab', '<data>', true),
    folder('/opt/lab', '<program>', true),
    folder('C:\\Users\\janet', '<home>'),
    folder('/', '<home>'),
    folder('', '<home>'),
  ],
  users: ['janet', '', '李雷'],
  hosts: ['ward7.hospital.example', 'ward7'],
  datasets: ['./scans of/Ms. Doe', '/mnt/scans/doe.npz'],
})

describe('a text', () => {
  it.each([
    ['opened /home/janet/Scans of Ms. Doe/a.npz', 'opened <home>'],
    ['/home/janet', '<home>'],
    ['/home/janetta/x.npz', '<path>'],
    [
      "ENOENT: no such file or directory, open '/home/janet/My Photos/x'",
      "ENOENT: no such file or directory, open '<home>'",
    ],
    ['{"file":"/home/janet/a b/c"} and more', '{"file":"<home>"} and more'],
    ['<data> is /home/janet/.local/share/lab/runs/2026-x, 3 GiB', '<data> is <data>/runs/2026-x, 3 GiB'],
    ['    at train (/opt/lab/dist/trainer.cjs:12:3)', '    at train (<program>/dist/trainer.cjs:12:3)'],
    ['    at x (/usr/lib/node_modules/y.js:1:2)', '    at x (<path>:1:2)'],
    ['file:///home/janet/a%20b.npz', '<path>'],
    ["open '/srv/Jane's scans (2020)/x.npz', twice", "open '<path>', twice"],
    ["/srv/Jane's scans (2020)/x:1 y/z.npz", '<path>'],
    ['/home/janet/scans (2020) of/x.npz', '<home>'],
    ['file:///srv/a%20b.npz', '<path>'],
    ['C:\\Users\\janet\\a b\\c.npz', '<home>'],
    ['"C:\\\\Users\\\\Janet\\\\c.npz"', '"<home>"'],
    ['D:\\x\\y', '<path>'],
    ['\\\\server\\share\\x', '<path>'],
    ['janet@ward7: Janet, 李雷', '<user>@<host>: <user>, <user>'],
    ['on ward7.hospital.example', 'on <host>'],
    ['janets ward77', 'janets ward77'],
    ['read ./scans of/Ms. Doe', 'read <dataset>'],
    ['read "/mnt/scans/doe.npz"', 'read "<dataset>"'],
    [
      '1/2 and/or 3 / 4, https://example.org/a, src/lab/x.ts',
      '1/2 and/or 3 / 4, https://example.org/a, src/lab/x.ts',
    ],
  ])('%s', (given, left) => {
    expect(redaction.text(given)).toBe(left)
  })

  it('is recognised in either way of composing it', () => {
    const { text } = createRedaction({
      folders: [folder('/home/jos\u00e9', '<home>')],
      users: ['jos\u00e9'],
      hosts: [],
      datasets: [],
    })
    expect(text('/home/jose\u0301/x')).toBe('<home>')
    expect(text('by Jose\u0301')).toBe('by <user>')
  })
})

it('a document keeps its settings and numbers, whatever they are called', () => {
  const given = { janet: 1, run: ['by janet', { file: '/home/janet/x', none: null, yes: true }] }
  expect(redaction.json(given)).toEqual({
    janet: 1,
    run: ['by <user>', { file: '<home>', none: null, yes: true }],
  })
})
