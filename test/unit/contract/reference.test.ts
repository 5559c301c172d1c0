import { expect, it } from 'vitest'
import { bibtex, citation, type Reference } from '../../../src/contract/reference'

const reference: Reference = {
  key: 'li2020x',
  authors: ['Chun-Liang Li', 'François B. Laviolette'],
  title: 'Gains & Losses',
  venue: 'ICML',
  book: 'Proceedings of the International Conference on Machine Learning',
  series: 'Proceedings of Machine Learning Research',
  volume: '119',
  pages: '60--72',
  kind: 'inproceedings',
  year: 2020,
}

it('is cited by initials and by the name that people use', () => {
  expect(citation(reference)).toBe('C.-L. Li, F. B. Laviolette. Gains & Losses. ICML 2020.')
})

it('is whole in BibTeX, as LaTeX reads it', () => {
  expect(bibtex(reference)).toBe(String.raw`@inproceedings{li2020x,
  author = {Chun-Liang Li and Fran{\c{c}}ois B. Laviolette},
  title = {{Gains \& Losses}},
  booktitle = {Proceedings of the International Conference on Machine Learning},
  series = {Proceedings of Machine Learning Research},
  volume = {119},
  pages = {60--72},
  year = {2020},
}`)
})

it('has no field of what is not known', () => {
  const { key, authors, title, year } = reference
  expect(bibtex({ key, authors, title, year, venue: 'JMLR', kind: 'article', number: '59' })).toBe(
    String.raw`@article{li2020x,
  author = {Chun-Liang Li and Fran{\c{c}}ois B. Laviolette},
  title = {{Gains \& Losses}},
  journal = {JMLR},
  number = {59},
  year = {2020},
}`,
  )
})
