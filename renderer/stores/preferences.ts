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

/** Interrupted runs that were waved away: ids, while they stay interrupted. */
export const rememberedInterruptions = (): readonly string[] =>
  read('dalab.interruptions', z.array(z.string()).max(10_000)) ?? []
export const rememberInterruptions = (runs: readonly string[]): void => write('dalab.interruptions', runs)
