/**
 * One case a format: its files are chosen on the page in Chromium, shown before anything is kept, imported, and listed
 * afterwards. A new format needs a line in `cases`.
 */
import { zipSync } from 'fflate'
import { mkdirSync, readFileSync, writeFileSync } from 'fs'
import { dirname, join } from 'path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeIdx } from '../../src/data/codecs/idx'
import { encodeNpy } from '../../src/data/codecs/npy'
import { formats } from '../../src/data/formats/registry'
import { colourPng } from '../integration/png'
import { openTerminal } from '../integration/terminal'
import { browserHost, type ServedWindow } from './chromium'

type Files = Readonly<Record<string, Uint8Array | string>>

interface Case {
  /** The id of the format. */
  readonly format: string
  readonly files: Files
  /** The name of the folder that is chosen; null: the files are chosen, all at once. */
  readonly folder: string | null
  /** The folder that answers the question where the files lie. */
  readonly root?: string
  /** The names that answer the question what the arrays hold. */
  readonly arrays?: { readonly images: string; readonly labels: string }
  /** The name that is proposed. */
  readonly name: string
  /** Samples, one sample, and classes. */
  readonly says: readonly [samples: string, each: string, classes: string]
}

const count = 6
const pixels = Uint8Array.from({ length: count * 64 }, (_, index) => (index * 7) % 256)
const labels = Uint8Array.from({ length: count }, (_, index) => index % 2)
const npyImages = encodeNpy({ type: '|u1', shape: [count, 8, 8], bytes: Buffer.from(pixels) })
const npyLabels = encodeNpy({ type: '|u1', shape: [count], bytes: Buffer.from(labels) })
const ofArrays = ['6 for training, no test split', '8 × 8 pixels, grey', '2 classes'] as const
const pictures = {
  'cat/1.png': colourPng(8, [255, 0, 0]),
  'cat/2.png': colourPng(12, [0, 255, 0]),
  '狗/1.png': colourPng(20, [0, 0, 255]),
}
const ofPictures = ['3 for training, no test split', '8–20 × 8–20 pixels, colour', '2 classes'] as const

const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures/imports', name))
const column = (values: Uint8Array) => [...values].map((value) => [value, value / 2, 255 - value].join(','))

const cases: readonly Case[] = [
  {
    format: 'npz',
    files: { 'shapes.npz': zipSync({ 'images.npy': npyImages, 'labels.npy': npyLabels }) },
    folder: null,
    name: 'shapes',
    says: ofArrays,
  },
  {
    // Arrays of names that say nothing.
    format: 'npz',
    files: { 'unnamed.npz': zipSync({ 'p.npy': npyImages, 'q.npy': npyLabels, 'r.npy': npyImages }) },
    folder: null,
    arrays: { images: 'p: uint8 [6, 8, 8]', labels: 'q: uint8 [6]' },
    name: 'unnamed',
    says: ofArrays,
  },
  {
    format: 'npy-file',
    files: { 'images.npy': npyImages },
    folder: null,
    name: 'images',
    says: [ofArrays[0], ofArrays[1], '6 without a label'],
  },
  {
    format: 'matlab',
    files: { 'digits.mat': fixture('digits.mat') },
    folder: null,
    name: 'digits',
    says: ofArrays,
  },
  {
    format: 'hdf5',
    files: { 'digits 5.h5': fixture('digits.h5') },
    folder: null,
    name: 'digits 5',
    says: ofArrays,
  },
  {
    format: 'table',
    files: {
      'flowers.csv': ['long,wide,high,label', ...column(labels).map((row, i) => `${row},${i % 2}`)].join(
        '\n',
      ),
    },
    folder: null,
    name: 'flowers',
    says: [ofArrays[0], 'vector of 3 numbers', '2 classes'],
  },
  {
    format: 'npy-folder',
    files: { 'images.npy': npyImages, 'labels.npy': npyLabels },
    folder: 'arrays',
    name: 'arrays',
    says: ofArrays,
  },
  {
    // Two files that are chosen together become one folder.
    format: 'idx',
    files: {
      'numbers-images-idx3-ubyte': encodeIdx([count, 8, 8], pixels),
      'numbers-labels-idx1-ubyte': encodeIdx([count], labels),
    },
    folder: null,
    name: 'numbers',
    says: ofArrays,
  },
  { format: 'image-folder', files: pictures, folder: '宠物', name: '宠物', says: ofPictures },
  {
    format: 'image-list',
    files: { 'list.txt': 'cat/1.png 0\ncat/2.png 0\n狗/1.png 1\n' },
    folder: null,
    root: '宠物',
    name: 'list',
    says: ofPictures,
  },
]

const terminal = openTerminal()
let window: ServedWindow

function write(name: string, files: Files): string[] {
  return Object.entries(files).map(([file, content]) => {
    const path = join(terminal.files, name, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  })
}

/** Clicks a button that opens a file dialog, and chooses these paths. */
async function choose(page: Page, button: ReturnType<Page['locator']>, paths: string | string[]) {
  const chooser = page.waitForEvent('filechooser')
  await button.click()
  await (await chooser).setFiles(paths)
}

describe('the import of a dataset', () => {
  beforeAll(async () => {
    window = await browserHost(terminal).open()
    await window.page.locator('nav a[href="#/data"]').click()
  })
  afterAll(async () => {
    await window.close()
    await terminal.remove()
  })

  it.each(cases)('reads $name as $format', async ({ format, files, folder, root, arrays, name, says }) => {
    const { page } = window
    const place = folder ?? `files of ${name}`
    const paths = write(place, files)
    const buttons = page.locator('.drop .two button')
    if (folder === null) await choose(page, buttons.first(), paths)
    else await choose(page, buttons.last(), join(terminal.files, place))
    if (root !== undefined) {
      const button = page.locator('[data-choice="root"] button').first()
      await choose(page, button, join(terminal.files, root))
    }
    if (arrays !== undefined) {
      const form = page.locator('[data-choice="arrays"]')
      for (const [role, option] of Object.entries(arrays))
        await form.locator(`[data-role="${role}"]`).selectOption(option)
      await form.locator('button').click()
    }
    await page.getByTestId('preview').waitFor()
    const facts = await page.getByTestId('preview').locator('dd').allTextContents()
    expect(facts.map((fact) => fact.trim())).toEqual([
      formats.find(({ id }) => id === format)?.title.en,
      ...says,
    ])
    expect(await page.getByTestId('import-name').inputValue()).toBe(name)
    await page.getByTestId('import-keep').click()
    await page.getByTestId('import-keep').waitFor({ state: 'detached' })
    await page.locator('.one h1', { hasText: name }).waitFor()
    const notices = await page.getByTestId('notice').allTextContents()
    expect(notices[notices.length - 1]).toContain(`“${name}” was imported`)
  })

  it('has a case for every format', () => {
    expect(formats.map(({ id }) => id).filter((id) => cases.every(({ format }) => format !== id))).toEqual([])
  })

  it('leaves no error on the page', () => {
    expect(window.problems).toEqual([])
  })
})
