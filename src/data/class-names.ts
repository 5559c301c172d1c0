/** What the names of classes have to fulfil, so that experiments and records can name each of them. */
import { labError } from '../contract/errors'
import { maxClassNameLength } from '../contract/experiment'
import { shortened } from '../contract/shortened'
import { maxShown } from './file'

/**
 * @param names in NFC
 * @param file its name for errors
 * @throws `class-name-unusable`, `class-names-equal`
 */
export function refuseClassNames(names: readonly string[], file: string): void {
  const seen = new Set<string>()
  for (const name of names) {
    const shown = shortened(name, maxShown)
    if (name === '' || name.length > maxClassNameLength) {
      throw labError('class-name-unusable', { file, name: shown, most: maxClassNameLength })
    }
    if (seen.has(name)) throw labError('class-names-equal', { file, name: shown })
    seen.add(name)
  }
}
