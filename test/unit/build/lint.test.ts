/** oxlint runs what ESLint would: the same rules with type information, and it finds what they forbid. */
import { spawnSync } from 'child_process'
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import ts from 'typescript'
import { configs } from 'typescript-eslint'
import { expect, it } from 'vitest'

const root = join(__dirname, '..', '..', '..')
const configuration = join(root, '.oxlintrc.json')

interface Oxlint {
  readonly overrides: readonly { readonly rules: Readonly<Record<string, unknown>> }[]
}

/** Off in eslint.config.mjs too, or unknown to oxlint: `npm run long` runs it. */
const left = [
  'no-confusing-void-expression',
  'no-unnecessary-type-parameters',
  'no-unsafe-class-instance-assignment',
  'require-await',
  'unbound-method',
]

it('has every rule of strict-type-checked but those left out on purpose', () => {
  const { config } = ts.readConfigFile(configuration, (path) => readFileSync(path, 'utf8')) as {
    config: Oxlint
  }
  const on = Object.keys(config.overrides[0]?.rules ?? {}).map((name) => name.replace('typescript/', ''))
  const wanted = configs.strictTypeChecked.flatMap(({ rules = {} }) =>
    Object.entries(rules)
      .filter(([name, severity]) => name.startsWith('@typescript-eslint/') && severity !== 'off')
      .map(([name]) => name.replace('@typescript-eslint/', '')),
  )
  expect(wanted.length).toBeGreaterThan(60)
  expect(wanted.filter((name) => !on.includes(name)).sort()).toEqual(left)
})

/** A line for a rule that needs types. */
const planted: Readonly<Record<string, string>> = {
  'no-floating-promises': 'later()',
  'no-misused-promises': 'if (later()) later',
  'await-thenable': 'export const one = await 1',
  'no-unsafe-assignment': "export const parsed: string = JSON.parse('1')",
  'no-unsafe-member-access': "export const { length } = JSON.parse('1').name",
  'no-unnecessary-condition': 'if (sure !== null) later',
  'switch-exhaustiveness-check': "switch (kind) { case 'a': break }",
  'restrict-template-expressions': 'export const text = `${sure}`',
  'no-base-to-string': 'export const said = String(sure)',
  'no-deprecated': 'old()',
}

it('finds what each of ten rules with type information forbids', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-lint-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'] }),
  )
  const lines = [
    'const later = () => Promise.resolve(1)',
    'declare const sure: { a: number }',
    "declare const kind: 'a' | 'b'",
    '/** @deprecated */ declare function old(): void',
    ...Object.values(planted),
  ]
  writeFileSync(join(folder, 'planted.ts'), lines.join('\n'))
  const program = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const options = ['--config', configuration, '--format', 'unix', 'planted.ts']
  const { stdout, status } = spawnSync(process.execPath, [program, ...options], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  Object.keys(planted).forEach((rule, index) => {
    expect(stdout).toMatch(new RegExp(`planted\\.ts:${String(index + 5)}:.*typescript\\(${rule}\\)`))
  })
})
