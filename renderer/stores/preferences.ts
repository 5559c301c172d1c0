/** Small things that this page remembers by itself, in the browser's own store. */
import { z } from 'zod'
import { retentionSchema } from '../../src/contract/experiment'

function read<T>(key: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(key) ?? 'null'))
  } catch {
    // Nothing stored, or something else: the preference is simply not there.
    return null
  }
}

function write(key: string, value: unknown): void {
  localStorage.setItem(key, JSON.stringify(value))
}

export type Retention = z.infer<typeof retentionSchema>

export const rememberedRetention = (): Retention | null => read('dalab.retention', retentionSchema)
export const rememberRetention = (retention: Retention): void => write('dalab.retention', retention)

/** How fast this machine last was: what time estimates rest on. */
const speedsSchema = z.object({
  imagesPerSecond: z.number().gt(0),
  pairsPerSecond: z.number().gt(0),
  /** Images of both domains a second, while a round is measured and written; absent until one was. */
  measuredPerSecond: z.number().gt(0).optional(),
})
export type Speeds = z.infer<typeof speedsSchema>

/** Measured on two cores; replaced by the machine's own speed after its first round. */
const firstGuess: Speeds = { imagesPerSecond: 4000, pairsPerSecond: 2500 }

export const rememberedSpeeds = (): Speeds => read('dalab.speeds', speedsSchema) ?? firstGuess
export const rememberSpeeds = (speeds: Partial<Speeds>): void =>
  write('dalab.speeds', { ...rememberedSpeeds(), ...speeds })

/** Interrupted runs that were waved away: ids, while they stay interrupted. */
export const rememberedInterruptions = (): readonly string[] =>
  read('dalab.interruptions', z.array(z.string()).max(10_000)) ?? []
export const rememberInterruptions = (runs: readonly string[]): void => write('dalab.interruptions', runs)
