/** The files named on a command line; none is lost before the window exists. */
import { resolve } from 'path'
import { pathToFileURL } from 'url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOpenings, filesIn } from '../../../electron/opening'

const program = '/opt/lab/domain-adaptation-lab'
const own = '/opt/lab/resources/app.asar'
const folder = '/home/me/收到的 文件'

describe('a command line', () => {
  it.each<[string, string[], string[]]>([
    ['with nothing but the program', [], []],
    ['with an absolute path', ['/data/a.dalab.safetensors'], ['/data/a.dalab.safetensors']],
    ['with a path relative to its folder', ['../b c.safetensors'], ['/home/me/b c.safetensors']],
    ['with Chinese', ['第一轮.dalab.safetensors'], [`${folder}/第一轮.dalab.safetensors`]],
    ['with an address', ['file:///data/%E7%AC%AC%20a%23.safetensors'], ['/data/第 a#.safetensors']],
    ['with an address of this host', ['file://localhost/data/a'], ['/data/a']],
    ['with an address in the short form', ['file:/data/a'], ['/data/a']],
    ['with an address of another machine', ['file://other/data/a'], ['file://other/data/a']],
    ['with an address that is no file', ['https://example.org/a'], ['https://example.org/a']],
    ['with a broken address', ['file:///%zz'], ['file:///%zz']],
    ['with a colon in a name', ['a:b.safetensors'], [`${folder}/a:b.safetensors`]],
    ['with options', ['--no-first-run', '-x', 'a', '--lang=zh'], [`${folder}/a`]],
    [
      'with a name like an option, after --',
      ['--flag', '--', '--a.safetensors'],
      [`${folder}/--a.safetensors`],
    ],
    ['with the folder of the program, as in a checkout', [own, 'a'], [`${folder}/a`]],
    ['with an empty word', [''], []],
    ['with several files', ['a', '/b'], [`${folder}/a`, '/b']],
  ])('%s', (_, words, files) => {
    expect(filesIn([program, ...words], folder, own)).toEqual(files)
  })

  it('names any file by its path or by its address alike', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[/\0]/.test(text))
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const path = resolve('/', ...names)
        expect(filesIn([program, path], folder, own)).toEqual([path])
        expect(filesIn([program, pathToFileURL(path).href], folder, own)).toEqual([path])
      }),
    )
  })
})

describe('what is to be opened', () => {
  it('waits for a window, in its order, and is opened once', () => {
    const openings = createOpenings()
    openings.add(['/a', '/b'])
    openings.add(['/c'])
    const opened: string[] = []
    openings.pass((path) => opened.push(path))
    expect(opened).toEqual(['/a', '/b', '/c'])
    openings.add(['/d'])
    openings.pass((path) => opened.push(`again ${path}`))
    openings.add(['/e'])
    expect(opened).toEqual(['/a', '/b', '/c', '/d', 'again /e'])
  })
})
