/** A publication that a method follows: as a citation for people, and as BibTeX for their papers. */
import { inLatex } from './latex'

export interface Reference {
  /** The key of the BibTeX entry. */
  readonly key: string
  /** First names first, in full. */
  readonly authors: readonly string[]
  readonly title: string
  /** The proceedings or the journal, as people call it. */
  readonly venue: string
  /** The proceedings' own name. */
  readonly book?: string
  /** What the book is a volume of. */
  readonly series?: string
  readonly volume?: string
  /** Of an article in its volume. */
  readonly number?: string
  /** `first--last`; absent where sources disagree on it, or there are no page numbers. */
  readonly pages?: string
  readonly kind: 'inproceedings' | 'article'
  readonly year: number
  /** Where in it the method stands. */
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
