/** Backbones: which are declared, whose weights are there, and bringing weights. */
import { z } from 'zod'
import { backboneIds } from '../networks/backbones/registry'
import { none } from './fields'
import { noteSchema } from './note'

/** Weights on this machine. */
export const backboneWeightsSchema = z.strictObject({
  /** SHA-256 of the tensors, whatever file they came from. */
  digest: z.string(),
  bytes: z.int().min(0),
  /** Whether they come with the lab. */
  isBundled: z.boolean(),
})

export const backboneSummarySchema = z.strictObject({
  id: z.enum(backboneIds),
  title: z.string(),
  /** Length of the features. */
  features: z.int(),
  /** Of its weights that come with the lab; null: the user brings them. */
  bundled: z.string().nullable(),
  /** Empty: none are there. */
  weights: z.array(backboneWeightsSchema),
})
export type BackboneSummary = z.infer<typeof backboneSummarySchema>

export const broughtBackboneSchema = z.strictObject({
  id: z.enum(backboneIds),
  title: z.string(),
  digest: z.string(),
  /** The file in which the weights are kept. */
  path: z.string(),
  /** Whether they were not there before. */
  isNew: z.boolean(),
  /** What was passed over, renamed and converted. */
  notes: z.array(noteSchema),
})
export type BroughtBackbone = z.infer<typeof broughtBackboneSchema>

export const backboneCommands = {
  backbones: {
    input: none,
    output: z.strictObject({
      backbones: z.array(backboneSummarySchema),
      /** Files among the kept weights that name no backbone. */
      unreadable: z.array(z.string()),
    }),
  },
  /** Keeps the weights in a safetensors file or a file of torch.save. `backbone`: the one that they must be of. */
  importBackbone: {
    input: z.strictObject({ path: z.string().min(1), backbone: z.enum(backboneIds).optional() }),
    output: broughtBackboneSchema,
  },
} as const
