/** The page's files under `app://lab/`: only files of known types in its own folder are served. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { expect, it } from 'vitest'
import { respondWith } from '../../../electron/page'
import { contentSecurityPolicy } from '../../../src/contract/page'

const root = mkdtempSync(join(tmpdir(), 'dalab-page-'))
const folder = join(root, 'renderer')
mkdirSync(join(folder, 'assets'), { recursive: true })
mkdirSync(join(root, 'renderer-beside'))
writeFileSync(join(folder, 'index.html'), '<p>lab</p>')
writeFileSync(join(folder, 'assets', 'index.js'), 'lab()')
writeFileSync(join(folder, 'notes.txt'), 'no part of the page')
writeFileSync(join(root, 'secret.js'), 'secret')
writeFileSync(join(root, 'renderer-beside', 'secret.js'), 'secret')

it.each([
  ['app://lab/', '<p>lab</p>', 'text/html; charset=utf-8'],
  ['app://lab/index.html#/learn', '<p>lab</p>', 'text/html; charset=utf-8'],
  ['app://lab/assets/index.js', 'lab()', 'text/javascript; charset=utf-8'],
])('answers %s with the content security policy', async (url, text, type) => {
  const { status, headers, body } = await respondWith(folder, url)
  expect(status).toBe(200)
  expect(body.toString()).toBe(text)
  expect(headers).toEqual({
    'Content-Type': type,
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'X-DNS-Prefetch-Control': 'off',
  })
})

it.each([
  'app://lab/missing.js',
  'app://lab/notes.txt',
  'app://lab/assets',
  'app://lab/../secret.js',
  'app://lab/%2e%2e/secret.js',
  'app://lab/..%2fsecret.js',
  'app://lab/..%2frenderer-beside%2fsecret.js',
  'app://lab/%00.js',
  'app://lab/%',
  'app://other/index.html',
])('has nothing at %s', async (url) => {
  expect(await respondWith(folder, url)).toEqual({ status: 404, headers: {}, body: Buffer.alloc(0) })
})
