/** Parses values on the command line; an invalid value is refused with the option's name. */
import { labError } from '../contract/errors'
import { nearest } from '../contract/nearest'
import type { Choices } from '../contract/reading'

function integerIn(text: string): number | null {
  return /^[+-]?\d+$/.test(text.trim()) ? Number(text) : null
}

/** Parses a whole number between `least` and `most`. */
export function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = integerIn(text)
    if (value === null) throw labError('wrong-type', { name, value: text, expected: 'integer' })
    if (value < least || value > most) throw labError('out-of-range', { name, value, least, most })
    return value
  }
}

/** Parses comma-separated whole numbers of at least 0: `2,3`. */
export function wholeNumbers(name: string): (text: string) => number[] {
  return (text) =>
    text.split(',').map((part) => {
      const value = integerIn(part)
      if (value === null || value < 0)
        throw labError('wrong-type', { name, value: text, expected: 'integers' })
      if (value > Number.MAX_SAFE_INTEGER)
        throw labError('out-of-range', { name, value: part.trim(), least: 0, most: Number.MAX_SAFE_INTEGER })
      return value
    })
}

/** Parses one of the given words. */
export function oneOf<const C extends string>(name: string, choices: readonly C[]): (text: string) => C {
  return (text) => {
    const found = choices.find((choice) => choice === text)
    if (found !== undefined) return found
    throw labError('not-one-of', {
      name,
      value: text,
      choices: choices.join(', '),
      nearest: nearest(text, choices),
    })
  }
}

/** Parses comma-separated values, each with `read`. */
export function listOf<T>(read: (text: string) => T): (text: string) => T[] {
  return (text) => text.split(',').map((part) => read(part.trim()))
}

/** Parses comma-separated names, which must not be empty or repeated. */
export function distinctNames(option: string): (text: string) => string[] {
  return (text) => {
    const names = listOf((name) => name)(text)
    if (names.includes('')) throw labError('empty-name', { option, value: text })
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw labError('repeated-name', { option, name: twice })
    return names
  }
}

/** Parses names of classes: comma-separated, or as a JSON list, in which a name may contain a comma. */
export function classNames(option: string): (text: string) => string[] {
  const plain = distinctNames(option)
  return (text) => jsonNames(text) ?? plain(text)
}

/** Null if the text is not a JSON list of names; a number in it is a name. */
function jsonNames(text: string): string[] | null {
  if (!text.trim().startsWith('[')) return null
  try {
    const list: unknown = JSON.parse(text)
    const isName = (one: unknown) => (typeof one === 'string' && one !== '') || typeof one === 'number'
    return Array.isArray(list) && list.every(isName) ? list.map(String) : null
  } catch {
    return null
  }
}

/** Parses a number of images: a whole number of at least 1, or `all`. */
export function imageCount(name: string): (text: string) => number | 'all' {
  const number = wholeNumber(name, 1, Number.MAX_SAFE_INTEGER)
  return (text) => (text === 'all' ? text : number(text))
}

const arrayRoles = ['images', 'labels', 'test-images', 'test-labels'] as const
type ArrayRole = (typeof arrayRoles)[number]

/** Parses names of arrays by what they hold: `images=A,labels=B`. A name may contain a comma or `=`. */
export function arrayNames(option: string): (text: string) => Choices['arrays'] {
  const role = oneOf(option, arrayRoles)
  const next = new RegExp(`,(?=\\s*(?:${arrayRoles.join('|')})=)`)
  return (text) => {
    const names: Partial<Record<ArrayRole, string>> = {}
    for (const part of text.split(next)) {
      const at = part.indexOf('=')
      const key = role((at < 0 ? part : part.slice(0, at)).trim())
      const name = at < 0 ? '' : part.slice(at + 1)
      if (name === '') throw labError('empty-name', { option, value: text })
      if (names[key] !== undefined) throw labError('repeated-name', { option, name: key })
      names[key] = name
    }
    if (names.images === undefined) throw labError('missing-value', { option: `${option} images=` })
    return {
      images: names.images,
      labels: names.labels ?? null,
      testImages: names['test-images'] ?? null,
      testLabels: names['test-labels'] ?? null,
    }
  }
}
