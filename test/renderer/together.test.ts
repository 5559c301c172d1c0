/** Files that are dropped together, and the paths of uploads. */
import { describe, expect, it, vi } from 'vitest'
import { labError, toErrorMessage } from '../../src/contract/errors'
import type { Bridge } from '../../src/contract/host'
import { ipcHost } from '../../renderer/lab/ipc'
import { sharedName, together } from '../../renderer/lab/together'
import { shownError, shownPath } from '../../renderer/lab/uploads'

const brought = (names: readonly string[]) => names.map((name) => ({ file: new File([], name), name }))

describe('files that are dropped together', () => {
  it.each<[string[], string]>([
    [['digits-images.npy', 'digits-labels.npy'], 'digits'],
    [['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'], 'train'],
    [['图像集_图.npy', '图像集_标签.npy'], '图像集'],
    [['x.npy', 'y.npy'], 'dataset'],
    [['cat', 'dog'], 'dataset'],
  ])('%s are one folder called %s', (names, name) => {
    expect(sharedName(names)).toBe(name)
  })

  it('are left as they are if they are one file or one folder', () => {
    for (const names of [['a.npz'], ['pets/cat/1.png', 'pets/dog/1.png']])
      expect(together(brought(names)).map(({ name }) => name)).toEqual(names)
    const folders = ['cat/1.png', 'dog/1.png']
    expect(together(brought(folders)).map(({ name }) => name)).toEqual(folders.map((one) => `dataset/${one}`))
  })

  it('are gathered on the desktop; one folder is read where it is', async () => {
    const call = vi.fn((_name: string, _input: string) => Promise.resolve('{"ok":{"path":"/tmp/digits"}}'))
    const { files } = ipcHost({
      call,
      pathOf: (file) => `/home/ann/${(file as File).name}`,
      subscribe: () => () => undefined,
    } as Partial<Bridge> as Bridge)
    expect(await files.bring(brought(['cat/1.png']))).toBe('/home/ann/cat')
    expect(call).not.toHaveBeenCalled()
    expect(await files.bring(brought(['digits-x.npy', 'digits-y.npy']))).toBe('/tmp/digits')
    expect(call.mock.calls[0]?.[0]).toBe('gatherFiles')
    expect(JSON.parse(call.mock.calls[0]?.[1] ?? '')).toEqual({
      name: 'digits',
      files: ['digits-x.npy', 'digits-y.npy'].map((name) => ({ path: `/home/ann/${name}`, name })),
    })
  })
})

describe('an upload', () => {
  const path = '/tmp/dalab-transfers-Ab/files/17-x/pets'

  it('is shown by its name, and other paths as they are', () => {
    expect(shownPath(path)).toBe('pets')
    expect(shownPath('C:\\photos\\pets')).toBe('C:\\photos\\pets')
  })

  it('has errors that name its files as the user does', () => {
    const error = toErrorMessage(labError('image-undecodable', { file: `${path}/cat/1.png` }))
    expect(shownError(error, path).params).toEqual({ file: 'pets/cat/1.png' })
    expect(shownError(error, '/home/pets')).toEqual(error)
  })
})
