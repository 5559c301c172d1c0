/** A publication that a method follows, as a citation and as BibTeX. */
import { inLatex } from './latex'

export interface Reference {
  /** The key of the BibTeX entry. */
  readonly key: string
  /** In full, first names first. */
  readonly authors: readonly string[]
  readonly title: string
  /** The usual name of the proceedings or journal. */
  readonly venue: string
  /** The full name of the proceedings. */
  readonly book?: string
  /** The series of which the book is a volume. */
  readonly series?: string
  readonly volume?: string
  /** The number of the issue, or of the article in its volume. */
  readonly number?: string
  /** `first--last`; absent if sources disagree on it, or if there are no page numbers. */
  readonly pages?: string
  readonly kind: 'inproceedings' | 'article'
  readonly year: number
  /** The section that describes the method. */
  readonly section?: string
}

/** "E. Tzeng, J. Hoffman. Title. CVPR 2017." */
export function citation({ authors, title, venue, year }: Reference): string {
  return `${authors.map(withInitials).join(', ')}. ${title}. ${venue} ${String(year)}.`
}

/** "Chun-Liang Li" as "C.-L. Li". */
function withInitials(author: string): string {
  const names = author.split(' ')
  const family = names.pop() ?? ''
  const initials = names.map((name) =>
    name
      .split('-')
      .map((part) => `${part.charAt(0)}.`)
      .join('-'),
  )
  return [...initials, family].join(' ')
}

export function bibtex(reference: Reference): string {
  const { key, authors, title, venue, book, series, volume, number, pages, kind, year } = reference
  const fields = {
    author: authors.map(inLatex).join(' and '),
    title: `{${inLatex(title)}}`,
    [kind === 'article' ? 'journal' : 'booktitle']: inLatex(book ?? venue),
    series,
    volume,
    number,
    pages,
    year: String(year),
  }
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name} = {${value}},`],
  )
  return [`@${kind}{${key},`, ...lines, '}'].join('\n')
}
