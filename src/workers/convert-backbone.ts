/**
 * Run by set-up: `convert-backbone FILE OUT BACKBONE` writes the weights in FILE, which must be those of the declaration,
 * as OUT in the form in which the lab keeps them.
 */
import { bringBackbone, encodeBackbone } from '../checkpoints/read-backbone'
import { writeAtomic } from '../files/atomic'
import { backbones } from '../networks/backbones/registry'

async function convert([path = '', out = '', id = '']: readonly string[]): Promise<void> {
  const declared = backbones.find((backbone) => backbone.id === id)
  if (declared === undefined) throw new Error(`no backbone ${id}`)
  const brought = await bringBackbone(path, backbones, declared)
  if (brought.digest !== declared.weights)
    throw new Error(`the digest is ${brought.digest}, but ${String(declared.weights)} is declared`)
  await writeAtomic(out, encodeBackbone(brought))
}

convert(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
