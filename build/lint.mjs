/**
 * `npm run lint`: oxlint with type information, then ESLint for templates and the rules that oxlint lacks. oxlint has no
 * type information inside components, so their scripts are copied to files of their own for it.
 * With DALAB_LONG=1 (`npm run long`), ESLint runs every rule, with type information.
 */
import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkout } from './machine.mjs'

const packages = join(checkout, 'node_modules')
const oxlint = [join(packages, 'oxlint', 'bin', 'oxlint'), '--format', 'unix']
/**
 * For oxlint's type checker, a Go program: a second thread checks the same types again, and fewer garbage collections
 * save a tenth of the time for 0.4 GB of memory.
 */
const goSettings = { GOMAXPROCS: '1', GOGC: '400' }
const eslint = [join(packages, 'eslint', 'bin', 'eslint.js'), '--max-warnings', '0']
/** Without type information, no rule reads another file: the cache is valid file by file. */
const cache = [
  '--cache',
  '--cache-strategy',
  'content',
  '--cache-location',
  join(packages, '.cache', 'eslint.json'),
]
/** Not `.vue.ts`: an import of `./Name.vue` would find that. */
const scriptEnding = '.vue-script.ts'

function lint() {
  if (process.env.DALAB_LONG === '1') return passes([...eslint, '.'])
  const results = [
    passes([...oxlint, '.']),
    lintScripts(),
    passes([...eslint, ...cache, 'src', 'electron', 'renderer/**/*.vue']),
  ]
  return results.every(Boolean)
}

/** @returns {boolean} whether the linter reported nothing */
function passes(args, cwd = checkout) {
  const stdio = ['ignore', 'pipe', 'inherit']
  const env = { ...goSettings, ...process.env }
  const { status, stdout } = spawnSync(process.execPath, args, { cwd, stdio, encoding: 'utf8', env })
  if (status !== 0) process.stdout.write(stdout.replaceAll(scriptEnding, '.vue'))
  return status === 0
}

/** The copies lie outside the checkout: oxlint skips what Git ignores. */
function lintScripts() {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-scripts-'))
  try {
    copyScripts(folder)
    return passes([...oxlint, '--config', join(checkout, '.oxlintrc.json'), 'renderer'], folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function copyScripts(folder) {
  const names = readdirSync(join(checkout, 'renderer'), { recursive: true }).filter((name) =>
    name.endsWith('.vue'),
  )
  for (const name of names) {
    const copy = join(folder, 'renderer', name.replace(/\.vue$/, scriptEnding))
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(copy, scriptOf(readFileSync(join(checkout, 'renderer', name), 'utf8')))
  }
  symlinkSync(packages, join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configurationOf(folder)))
}

/** Two roots, so that a copy's relative imports find the sources. */
function configurationOf(folder) {
  return {
    extends: join(checkout, 'renderer', 'tsconfig.json'),
    compilerOptions: { rootDirs: [checkout, folder] },
    include: ['renderer', join(checkout, 'renderer', 'env.d.ts')],
    exclude: [],
  }
}

/** The script on its own lines; a type parameter of the component becomes a type. */
function scriptOf(component) {
  const lines = component.split('\n')
  const first = lines.findIndex((line) => line.startsWith('<script'))
  const end = lines.findIndex((line) => line.startsWith('</script'))
  const parameter = /generic="(\w+)(?: extends ([^"]+))?"/.exec(lines[first])
  const script = lines.slice(0, end).map((line, index) => (index > first ? line : ''))
  if (parameter) script[first] = `type ${parameter[1]} = ${parameter[2] ?? 'unknown'}`
  return [...script, 'export {}', ''].join('\n')
}

process.exitCode = lint() ? 0 : 1
