import { expect, it } from 'vitest'
import { inLatex } from '../../../src/contract/latex'

it.each([
  ['a & b_c #1 50% $ {x}', String.raw`a \& b\_c \#1 50\% \$ \{x\}`],
  ['C:\\my~sets^2', String.raw`C:\textbackslash{}my\textasciitilde{}sets\textasciicircum{}2`],
  ['<a|b>', String.raw`\textless{}a\textbar{}b\textgreater{}`],
  ['François Ångström Straße', String.raw`Fran{\c{c}}ois {\r{A}}ngstr{\"{o}}m Stra\ss{}e`],
  // Composed and decomposed forms are the same letter.
  ['e\u0301', String.raw`{\'{e}}`],
  ['1–2 × 3', String.raw`1--2 $\times$ 3`],
  ['数字', '(U+6570)(U+5B57)'],
  ['\n', '(U+000A)'],
  ['😀', '(U+1F600)'],
])('%j prints as it is', (text, latex) => {
  expect(inLatex(text)).toBe(latex)
  expect(latex).toMatch(/^[ -~]*$/)
})
