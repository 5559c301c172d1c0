/**
 * Takes screenshots of every page in both languages, both themes and two sizes, into docs/screenshots: `npm run
 * screenshots [-- --data FOLDER] [--own FOLDER] [--only NAME,NAME]`. Without a data folder it first trains two short runs;
 * without a folder of own images it draws, imports and trains on colour images of three shapes.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { checkout } from './machine.mjs'
import { readOptions } from './options.mjs'
import { MissingPart, runProgram } from './progress.mjs'

const options = { data: { type: 'string' }, own: { type: 'string' }, only: { type: 'string' } }
const folder = join(checkout, 'docs', 'screenshots')
const sizes = [
  { width: 1280, height: 800 },
  { width: 1024, height: 700 },
]
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Actions on a page before its screenshot. */
const scenes = {
  experiment: async (page) => {
    await page.locator('[data-figure="features"] canvas').waitFor()
    await page.locator('[data-figure="samples"] canvas').waitFor()
  },
  scores: async (page) => {
    await page.getByTestId('evidence').selectOption('free')
    await page.locator('[data-figure="label-free"] canvas').waitFor()
    await page.locator('[data-figure="samples"] canvas').waitFor()
  },
  method: async (page) => {
    await choose(page, 'adaptation.method', 'mean-teacher')
    await field(page, 'adaptation.shots').fill('5')
    await scrollTo(page, 'adaptation.method')
  },
  restarts: async (page) => {
    const advanced = page.getByTestId('fields').locator('details').last()
    await advanced.locator('summary').first().click()
    await field(page, 'restarts').check()
    await scrollTo(page, 'restarts')
  },
  checkpoints: (page) => page.getByTestId('rounds').waitFor(),
  evaluate: async (page) => {
    await page.getByTestId('evaluate').click()
    await page.getByTestId('run-evaluation').click()
    await page.getByTestId('evaluation').waitFor()
  },
  predict: async (page) => {
    await page.getByTestId('predict').click()
    await page.locator('[data-sample]').first().waitFor({ timeout: 120_000 })
    // Pictures in view are fetched after their places are shown.
    await page.waitForFunction(() => document.querySelector('[data-sample] .waiting') === null)
    await page.getByTestId('predictions').focus()
  },
  prediction: async (page) => {
    await scenes.predict(page)
    await page.getByTestId('predictions').press('Enter')
    await page.locator('[data-testid="inspect"] .bars').first().waitFor()
    await page.locator('[data-testid="inspect"] .old').waitFor({ state: 'detached' })
  },
  own: async (page) => {
    for (const domain of ['source', 'target']) {
      await page.getByTestId(`zone-${domain}`).getByRole('button').click()
      await page.getByRole('menuitem', { name: ownDatasets[domain], exact: true }).click()
    }
    await page.getByTestId('proposal').waitFor()
    await page.locator('[data-figure="samples"] canvas').waitFor()
  },
  compare: async (page) => {
    const boxes = page.locator('aside').getByRole('checkbox')
    await boxes.first().waitFor()
    for (const box of await boxes.all()) await box.check()
    await page.getByTestId('ask-paired').click()
    await page.getByTestId('paired-result').getByText('McNemar').waitFor()
    await page.getByTestId('differences').waitFor()
  },
  table: async (page) => {
    await page.locator('[data-figure="features"] canvas').waitFor()
    await page.locator('[data-figure="features"] [aria-haspopup="menu"]').click()
    await page.locator('[role="menuitem"]').first().click()
    await page.locator('[data-figure="features"] tbody td').first().waitFor()
  },
  card: async (page) => {
    await page.getByTestId('rounds').waitFor()
    await page.getByTestId('open-card').first().click()
    await page.getByTestId('card').waitFor()
  },
  matrix: async (page) => {
    await page.getByTestId('compare-matrix').click()
    await page.locator('[data-figure="matrix"] svg.figure').waitFor()
  },
  data: (page) => page.waitForTimeout(8000),
  learn: async (page) => {
    await page.getByTestId('adapt').click()
    await page.waitForTimeout(4000)
  },
  step: async (page) => {
    await page.getByTestId('apart').click()
    for (let stage = 1; stage < 3; stage++) await page.getByTestId('next-stage').click()
  },
  settings: (page) => page.locator('table').first().waitFor(),
  // Adds source-only runs with the same seeds to the two earlier runs.
  methods: async (page) => {
    const boxes = page.locator('aside').getByRole('checkbox')
    await boxes.nth(3).waitFor()
    for (const box of await boxes.all()) await box.check()
    await page.getByTestId('ask-seed-pairs').click()
    await page.getByTestId('seed-pairs-result').locator('b').waitFor()
    await page.getByTestId('differences').waitFor()
  },
  // The last scene with finished runs: from here on a run is in progress.
  queue: async (page) => {
    const line = page.getByTestId('queue')
    await line.waitFor({ timeout: 3000 }).catch(() => page.getByTestId('repeat').click())
    await line.waitFor()
    await page.getByTestId('pause').waitFor()
    await page.locator('[data-figure="samples"] canvas').waitFor()
  },
  refused: (page) => page.locator('.refused h1').waitFor(),
}
/** Scenes in a data folder with images of the user's own. */
const ofOwnImages = ['own', 'predict', 'prediction']
const ownDatasets = { source: 'studio', target: 'street' }

const pageOf = {
  own: 'experiment',
  predict: 'checkpoints',
  prediction: 'checkpoints',
  scores: 'experiment',
  method: 'experiment',
  restarts: 'experiment',
  evaluate: 'checkpoints',
  step: 'learn',
  table: 'experiment',
  queue: 'experiment',
  card: 'checkpoints',
  matrix: 'compare',
  methods: 'compare',
}

const field = (page, path) => page.locator(`[data-path="${path}"]`)
const choose = (page, path, value) => field(page, path).selectOption(value)

/** Scrolls to a field so that the heading or field above it stays visible. */
async function scrollTo(page, path) {
  await field(page, path).evaluate((element) => {
    // Not scrollIntoView, which would also scroll the window.
    const fields = element.closest('[data-testid="fields"]')
    fields.scrollTop += element.getBoundingClientRect().top - fields.getBoundingClientRect().top - 72
  })
  await page.locator('[data-figure="samples"] canvas').waitFor()
}

/** @returns the address that `serve` prints, and a function that ends it */
function startLab(data) {
  const lab = spawn(process.execPath, [join(checkout, 'build', 'lab.mjs'), '--data-folder', data, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    lab.on('exit', () => reject(new Error('the lab ended before it could serve')))
    lab.stdout.on('data', (text) => {
      const found = /http:\S+#token=\S+/.exec(String(text))
      if (found) resolve({ url: found[0], end: () => lab.kill('SIGTERM') })
    })
  })
}

/** Returns a function that calls commands of the lab served at this address. */
function callerOf(url) {
  const [address, token] = url.split('#token=')
  return async (name, input) => {
    const response = await fetch(new URL(`api/call/${name}`, address), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(input),
    })
    const { ok, error } = await response.json()
    if (error) throw new Error(JSON.stringify(error))
    return ok
  }
}

/**
 * Trains the preset "first-look" with these changes for two seeds, unless that number of runs exists already; seed 0
 * is the newest.
 */
async function trainUpTo(call, count, { after = '', ...changes }) {
  if ((await call('runs', {})).length >= count) return
  const presets = await call('presets', {})
  const { experiment } = presets.find(({ id }) => id === 'first-look')
  for (const seed of [1, 0]) {
    const name = `${experiment.name}${after}${seed === 0 ? '' : `, seed ${seed}`}`
    const { run } = await call('start', { experiment: { ...experiment, ...changes, name, seed } })
    await untilOver(call, run)
  }
}

/** Bundles a module of the project and loads it. */
async function load(path) {
  const outfile = join(checkout, 'node_modules', '.evidence', `${basename(path, '.ts')}.mjs`)
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: checkout,
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  return import(pathToFileURL(outfile).href)
}

async function importShapes(call) {
  const { writeShapes } = await load('test/fixtures/shapes.ts')
  const images = mkdtempSync(join(tmpdir(), 'shapes-'))
  for (const name of Object.values(ownDatasets)) {
    writeShapes(join(images, name), name, 200, 0)
    if (name === ownDatasets.target) flatten(join(images, name))
    await call('importDataset', { path: join(images, name), name })
  }
}

/** Moves the images of the class folders into the folder itself, so that they have no labels. */
function flatten(target) {
  const files = readdirSync(target).flatMap((name) =>
    readdirSync(join(target, name)).map((file) => [name, file]),
  )
  files.sort(([, one], [, other]) => one.localeCompare(other))
  files.forEach(([name, file], i) =>
    renameSync(join(target, name, file), join(target, `photo-${String(i).padStart(4, '0')}.png`)),
  )
  for (const name of readdirSync(target)) if (!name.endsWith('.png')) rmdirSync(join(target, name))
}

/** The run that the lab proposes for the shapes. */
async function trainOwn(call) {
  if ((await call('runs', {})).length > 0) return
  await importShapes(call)
  const { proposedExperiment } = await load('src/contract/proposal.ts')
  const datasets = await call('datasets', {})
  const [source, target] = Object.values(ownDatasets).map((name) => datasets.find(({ id }) => id === name))
  const { run } = await call('start', { experiment: proposedExperiment(source, target).experiment })
  await untilOver(call, run)
}

async function untilOver(call, run) {
  const isRunning = async () => (await call('runs', {})).find(({ id }) => id === run)?.state === 'running'
  while (await isRunning()) await new Promise((resolve) => setTimeout(resolve, 1000))
}

/** Two runs that differ only in their seed; the newest is the one displayed. */
const trainTwo = (call) => trainUpTo(call, 2, {})
const trainFour = (call) =>
  trainUpTo(call, 4, {
    after: ', source-only',
    adaptation: { method: 'source-only', epochs: 1 },
    restarts: null,
  })

/** Runs that a scene needs before its first screenshot. */
const before = { methods: trainFour }

/** Like a bookmark, or a browser of another user. Refused requests are also reported on the console. */
const openWithoutToken = (page, url) => page.goto(url.split('#')[0])

async function shoot(browser, url, scene, language, theme, size) {
  const page = await browser.newPage({
    viewport: size,
    colorScheme: theme,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
  })
  const problems = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  if (scene === 'refused') await openWithoutToken(page, url)
  else {
    await page.goto(url)
    await page.getByTestId('start').or(page.getByTestId('pause')).waitFor()
    await page.locator(`nav a[href="#/${pageOf[scene] ?? scene}"]`).click()
  }
  await scenes[scene](page)
  await page.waitForTimeout(700)
  const name = `${scene}-${language}-${theme}-${size.width}.png`
  await page.screenshot({ path: join(folder, name) })
  await page.close()
  console.log(name)
  if (problems.length > 0 && scene !== 'refused') throw new Error(`${name}: ${problems.join('; ')}`)
}

/** The scenes of those names, all by default; unknown names are refused. */
function wantedOf(only) {
  const all = Object.keys(scenes)
  if (only === undefined) return all
  const names = only.split(',')
  const unknown = names.find((name) => !all.includes(name))
  if (unknown !== undefined)
    throw new MissingPart('unknown-scene', { scene: unknown, scenes: all.join(', ') })
  return all.filter((name) => names.includes(name))
}

/** Takes the screenshots of these scenes in a lab of their own. */
async function shootAll(browser, data, wanted, prepare) {
  if (wanted.length === 0) return
  const { url, end } = await startLab(data ?? mkdtempSync(join(tmpdir(), 'lab-')))
  try {
    const call = callerOf(url)
    await prepare(call)
    for (const scene of wanted) {
      await before[scene]?.(call)
      for (const language of ['en', 'zh'])
        for (const theme of ['light', 'dark'])
          for (const size of sizes) await shoot(browser, url, scene, language, theme, size)
    }
  } finally {
    end()
  }
}

async function main() {
  const { data, own, only } = readOptions({ command: 'screenshots', args: process.argv.slice(2), options })
  const wanted = wantedOf(only)
  const isOwn = (scene) => ofOwnImages.includes(scene)
  mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: quiet })
  try {
    await shootAll(browser, own, wanted.filter(isOwn), trainOwn)
    await shootAll(
      browser,
      data,
      wanted.filter((scene) => !isOwn(scene)),
      trainTwo,
    )
  } finally {
    await browser.close()
  }
}

await runProgram(main)
