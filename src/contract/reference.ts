/** A publication that a method follows: as a citation for people, and as BibTeX for their papers. */

export interface Reference {
  /** The key of the BibTeX entry. */
  readonly key: string
  readonly authors: readonly string[]
  readonly title: string
  /** The proceedings or the journal. */
  readonly venue: string
  readonly kind: 'inproceedings' | 'article'
  readonly year: number
  /** Where in it the method stands. */
  readonly section?: string
}

/** "E. Tzeng, J. Hoffman. Title. CVPR 2017." */
export function citation({ authors, title, venue, year }: Reference): string {
  return `${authors.join(', ')}. ${title}. ${venue} ${String(year)}.`
}

export function bibtex({ key, authors, title, venue, kind, year }: Reference): string {
  const fields = {
    author: authors.join(' and '),
    title: `{${title}}`,
    [kind === 'article' ? 'journal' : 'booktitle']: venue,
    year: String(year),
  }
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},`)
  return [`@${kind}{${key},`, ...lines, '}'].join('\n')
}
