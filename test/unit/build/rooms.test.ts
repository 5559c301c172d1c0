/** The rule on imports between folders finds every wrong import planted in a small project. */
import { spawnSync } from 'child_process'
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { dirname, join, resolve } from 'path'
import { beforeAll, expect, test } from 'vitest'

const here = resolve(__dirname, '../../..')

const imports = (from: string) => `import { thing } from '${from}'\nexport const other = thing`

const right = {
  'src/contract/lab.ts': 'export const thing = 1\nexport type Thing = number',
  'src/data/codecs/idx.ts': imports('../../contract/lab'),
  'src/lab/service.ts': `${imports('../contract/lab')}\nexport const thing = 2`,
  'src/native/backend.ts': imports('../contract/lab'),
  'src/graph/session.ts': imports('../native/backend'),
  'src/training/loop.ts': 'export const thing = 3',
  'src/workers/native.ts': `${imports('../training/loop')}\nexport const tf = import('@tensorflow/tfjs-node')`,
  'src/models/encoder.ts': `import { add } from '@tensorflow/tfjs-core'\nexport const thing = add`,
  'electron/main.ts': `${imports('../src/lab/service')}\nexport * from 'electron'`,
  'renderer/format/numbers.ts': 'export const thing = 4',
  'renderer/stores/runs.ts': imports('../format/numbers'),
  'renderer/parts/button.ts': imports('../stores/runs'),
  'renderer/charts/line.ts': imports('../parts/button'),
  'renderer/setup/form.ts': imports('../charts/line'),
  'renderer/panels/curve.ts': imports('../charts/line'),
  'renderer/checkpoints/detail.ts': imports('../panels/curve'),
  'renderer/views/experiment.ts': imports('../setup/form'),
  'renderer/page.ts': `${imports('../src/contract/lab')}\nexport * from 'pinia'`,
}

const wrong = {
  'src/contract/wrong.ts': [imports('../lab/service'), 'contract-imports-only-what-it-may'],
  'src/data/wrong.ts': [imports('../models/encoder'), 'data-imports-only-what-it-may'],
  'src/native/wrong.ts': [imports('../models/encoder'), 'native-imports-only-what-it-may'],
  'src/data/native.ts': [imports('../native/backend'), 'data-imports-only-what-it-may'],
  'src/methods/wrong.ts': [imports('../training/loop'), 'methods-imports-only-what-it-may'],
  'src/lab/wrong.ts': [imports('../models/encoder'), 'lab-imports-only-what-it-may'],
  'src/cli/wrong.ts': [`export type { thing } from '../workers/native'`, 'cli-imports-only-what-it-may'],
  'renderer/wrong.ts': [imports('../src/data/codecs/idx'), 'renderer-imports-only-what-it-may'],
  'renderer/node.ts': [`export * from 'fs'`, 'page-without-node'],
  'renderer/theme/wrong.ts': [imports('../format/numbers'), 'page-theme-imports-only-what-it-may'],
  'renderer/i18n/wrong.ts': [imports('../format/numbers'), 'page-i18n-imports-only-what-it-may'],
  'renderer/format/wrong.ts': [imports('../stores/runs'), 'page-format-imports-only-what-it-may'],
  'renderer/umap/wrong.ts': [imports('../stores/runs'), 'page-umap-imports-only-what-it-may'],
  'renderer/lab/wrong.ts': [imports('../parts/button'), 'page-lab-imports-only-what-it-may'],
  'renderer/stores/wrong.ts': [imports('../charts/line'), 'page-stores-imports-only-what-it-may'],
  'renderer/parts/wrong.ts': [imports('../charts/line'), 'page-parts-imports-only-what-it-may'],
  'renderer/charts/wrong.ts': [imports('../panels/curve'), 'page-charts-imports-only-what-it-may'],
  'renderer/setup/wrong.ts': [imports('../panels/curve'), 'page-setup-imports-only-what-it-may'],
  'renderer/panels/wrong.ts': [imports('../setup/form'), 'page-panels-imports-only-what-it-may'],
  'renderer/datasets/wrong.ts': [imports('../setup/form'), 'page-datasets-imports-only-what-it-may'],
  'renderer/trash/wrong.ts': [imports('../panels/curve'), 'page-trash-imports-only-what-it-may'],
  'renderer/checkpoints/wrong.ts': [
    imports('../views/experiment'),
    'page-checkpoints-imports-only-what-it-may',
  ],
  'renderer/learn/wrong.ts': [imports('../checkpoints/detail'), 'page-learn-imports-only-what-it-may'],
  'src/training/native.ts': [`export * from '@tensorflow/tfjs-node'`, 'native-library-in-workers-only'],
  'src/checkpoints/tensors.ts': [`export * from '@tensorflow/tfjs-core'`, 'tensors-from-models-on'],
  'src/server/window.ts': [`export * from 'electron'`, 'electron-in-electron-only'],
  'electron/vue.ts': [`export * from 'pinia'`, 'vue-in-renderer-only'],
  'src/lab/ring-a.ts': [`import { b } from './ring-b'\nexport const a = () => b`, 'no-cycles'],
  'src/lab/lost.ts': [imports('./nowhere'), 'resolves'],
} as const

/** Completes the import cycle; a cycle is reported once, at its first file. */
const ring = { 'src/lab/ring-b.ts': `import { a } from './ring-a'\nexport const b = () => a` }

let found: Record<string, string[]> = {}

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'dalab-rooms-'))
  copyFileSync(join(here, 'package.json'), join(root, 'package.json'))
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'))
  const sources = {
    ...right,
    ...ring,
    ...Object.fromEntries(Object.entries(wrong).map(([path, [text]]) => [path, text])),
  }
  for (const [path, text] of Object.entries({ ...sources, 'tsconfig.json': '{}' })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const { stdout } = spawnSync(
    join(here, 'node_modules/.bin/depcruise'),
    [
      ...['src', 'electron', 'renderer', '--output-type', 'json'],
      ...['--config', join(here, '.dependency-cruiser.cjs')],
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
  )
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] }
  }
  found = {}
  for (const { from, rule } of summary.violations) (found[from] ??= []).push(rule.name)
}, 60_000)

test.each(Object.entries(wrong))('%s is found', (path, [, rule]) => {
  expect(found[path] ?? []).toContain(rule)
})

test.each(Object.keys(right))('%s passes', (path) => {
  expect(found[path]).toBeUndefined()
})
