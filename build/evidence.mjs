/**
 * `node build/evidence.mjs NAME ...`: runs test/evidence/NAME.ts after the necessary set-up. These are the long tests
 * behind docs/reliability.md, docs/security.md and docs/performance.md; the test suites contain short versions.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { external } from './bundle.mjs'
import { checkout } from './machine.mjs'
import { runProgram } from './progress.mjs'
import { setUpPage, setUpWindow } from './setup.mjs'
import { installOr, missingForTests, missingForWindow, refuseMissing } from './system.mjs'

/** Scripts that open the desktop window. */
const withWindow = ['soak', 'offline']
const opensWindow = (name) => withWindow.includes(name) || name.startsWith('window-')

/** At the same depth in the checkout as the test folders, so that relative paths to the checkout stay valid. */
const bundles = join(checkout, 'node_modules', '.evidence')

async function main() {
  const [name = '', ...args] = process.argv.slice(2)
  if (opensWindow(name)) await installOr([...missingForWindow(), ...missingForTests()], refuseMissing)
  await (opensWindow(name) ? setUpWindow() : setUpPage())
  const program = join(bundles, `${name}.cjs`)
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: checkout,
    entryPoints: [`test/evidence/${name}.ts`],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: [...external, 'playwright-core', 'esbuild', 'vite', 'oxfmt'],
    plugins: [ownScripts],
    logLevel: 'error',
  })
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit', cwd: checkout })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}

/** The scripts of build/ use their own location, so they are not bundled. */
const ownScripts = {
  name: 'own-scripts',
  setup({ onResolve }) {
    onResolve({ filter: /\/build\/(results\/)?[\w-]+\.mjs$/ }, ({ path }) => ({
      path: join(checkout, 'build', path.split('/build/').at(-1)),
      external: true,
    }))
  },
}

await runProgram(main)
