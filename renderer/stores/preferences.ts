/** Small preferences that the page keeps in localStorage. */
import { z } from 'zod'
import { retentionSchema } from '../../src/contract/experiment'

function read<T>(key: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(key) ?? 'null'))
  } catch {
    // Nothing stored, or an invalid value: there is no preference.
    return null
  }
}

function write(key: string, value: unknown): void {
  localStorage.setItem(key, JSON.stringify(value))
}

export type Retention = z.infer<typeof retentionSchema>

export const rememberedRetention = (): Retention | null => read('dalab.retention', retentionSchema)
export const rememberRetention = (retention: Retention): void => write('dalab.retention', retention)

/** Ids of interrupted runs whose notice was dismissed, kept as long as they stay interrupted. */
export const rememberedInterruptions = (): readonly string[] =>
  read('dalab.interruptions', z.array(z.string()).max(10_000)) ?? []
export const rememberInterruptions = (runs: readonly string[]): void => write('dalab.interruptions', runs)
