/** The program itself: its settings, its health, the report bundle. */
import { z } from 'zod'
import { none, run } from './fields'

/** Settings of the program, not of an experiment. `null`: follow the system. */
export const settingsSchema = z.strictObject({
  dataFolder: z.string(),
  threads: z.int().min(1).max(256),
  language: z.enum(['en', 'zh']).nullable(),
  theme: z.enum(['light', 'dark']).nullable(),
})
export type Settings = z.infer<typeof settingsSchema>

const doctorPartSchema = z.strictObject({
  part: z.string(),
  version: z.string(),
  state: z.enum(['ok', 'missing', 'warning']),
  hint: z.string(),
})

export const programCommands = {
  settings: { input: none, output: settingsSchema },
  changeSettings: { input: settingsSchema.partial(), output: settingsSchema },
  doctor: { input: none, output: z.array(doctorPartSchema) },
  /**
   * A zip file to attach to a bug report, about a run (by default the newest); an existing file is never overwritten.
   */
  report: {
    input: z.strictObject({ run: run.optional(), out: z.string().min(1) }),
    output: z.strictObject({
      file: z.string(),
      contents: z.array(z.strictObject({ name: z.string(), bytes: z.int() })),
    }),
  },
} as const
