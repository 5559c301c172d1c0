/** Lists the weights of backbones and keeps those that the user brings. */
import { keepBackbone, listBackbones } from '../checkpoints/backbone-store'
import { bringBackbone, type BroughtWeights } from '../checkpoints/read-backbone'
import { maxShown } from '../checkpoints/safetensors'
import { note, type Note } from '../contract/note'
import { shortened } from '../contract/shortened'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { backbonesFolder } from '../data/bundled'
import { backboneNamed, backbones } from '../networks/backbones/registry'
import { notesOf } from './checkpoints'

export async function listOfBackbones({
  folder,
}: AnalystOrder<'listBackbones'>): Promise<AnalystOutput<'listBackbones'>> {
  const { weights, unreadable } = await listBackbones(
    { brought: folder, bundled: backbonesFolder() },
    backbones,
  )
  return {
    backbones: backbones.map(({ id, title, features, weights: bundled }) => ({
      id,
      title,
      features,
      bundled,
      weights: [...(weights.get(id) ?? [])],
    })),
    unreadable: [...unreadable],
  }
}

/** @throws what `bringBackbone` and `keepBackbone` throw */
export async function bringIn({
  path,
  backbone: wanted,
  folder,
}: AnalystOrder<'importBackbone'>): Promise<AnalystOutput<'importBackbone'>> {
  const backbone = wanted === undefined ? null : backboneNamed(wanted)
  const brought = await bringBackbone(path, backbones, backbone)
  const kept = await keepBackbone({ brought: folder, bundled: backbonesFolder() }, brought)
  const { id, title } = brought.backbone
  return { id, title, digest: brought.digest, ...kept, notes: notesOfBackbone(brought) }
}

function notesOfBackbone(brought: BroughtWeights): Note[] {
  const { within, converted } = brought
  return [
    ...(within === null ? [] : [note('weights-within', { name: shortened(within, maxShown) })]),
    ...notesOf(brought),
    ...(converted.length === 0 ? [] : [note('weights-converted', { types: converted })]),
  ]
}
