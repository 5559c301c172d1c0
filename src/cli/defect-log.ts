/** Where the details of a defect go: never on the screen, unless DALAB_DEBUG asks for them. */
import { appendFileSync, mkdirSync } from 'fs'
import { dirname, join } from 'path'
import { inspect } from 'util'
import envPaths from 'env-paths'

const file = join(envPaths('domain-adaptation-lab', { suffix: '' }).log, 'terminal.log')

/** Appends the error with its stack; null where even that cannot be written. */
export function keepDetails(error: unknown): string | null {
  const details = `${new Date().toISOString()} ${process.argv.slice(2).join(' ')}\n${inspect(error)}\n\n`
  if (process.env.DALAB_DEBUG === '1') process.stderr.write(details)
  try {
    mkdirSync(dirname(file), { recursive: true })
    appendFileSync(file, details)
    return file
  } catch {
    return null
  }
}
