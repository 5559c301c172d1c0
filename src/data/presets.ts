/** The experiments distributed with the lab, as data files: assets/presets/<id>.json. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { labError } from '../contract/errors'
import { type Preset, presetSchema } from '../contract/experiment'
import { nearest } from '../contract/nearest'
import { assetsFolder } from './bundled'

async function presetIds(folder: string): Promise<string[]> {
  const files = await fs.readdir(folder)
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
}

async function readFile(folder: string, id: string): Promise<Preset> {
  return presetSchema.parse(JSON.parse(await fs.readFile(join(folder, `${id}.json`), 'utf8')))
}

/** All presets, by id. */
export async function listPresets(): Promise<Preset[]> {
  const folder = join(assetsFolder(), 'presets')
  return Promise.all((await presetIds(folder)).map((id) => readFile(folder, id)))
}

/** Throws `unknown-preset` with the nearest id. */
export async function readPreset(id: string): Promise<Preset> {
  const folder = join(assetsFolder(), 'presets')
  const ids = await presetIds(folder)
  if (!ids.includes(id)) throw labError('unknown-preset', { name: id, nearest: nearest(id, ids) })
  return readFile(folder, id)
}
