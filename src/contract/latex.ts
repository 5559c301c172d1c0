/**
 * Converts any text to LaTeX that prints it without packages, also in pdfLaTeX, which has no glyphs for most of
 * Unicode.
 */

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  ...Object.fromEntries(Array.from('&%$#_{}', (character) => [character, `\\${character}`])),
  '–': '--',
  '—': '---',
  '‘': '`',
  '’': "'",
  '×': '$\\times$',
  '→': '$\\to$',
  '±': '$\\pm$',
  ß: '\\ss{}',
  æ: '\\ae{}',
  Æ: '\\AE{}',
  œ: '\\oe{}',
  Œ: '\\OE{}',
  ø: '\\o{}',
  Ø: '\\O{}',
  ł: '\\l{}',
  Ł: '\\L{}',
}

/** By the combining mark that follows the letter in decomposed form. */
const accents: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0304': '=',
  '\u0306': 'u',
  '\u0307': '.',
  '\u0308': '"',
  '\u030a': 'r',
  '\u030b': 'H',
  '\u030c': 'v',
  '\u0327': 'c',
}

/** Characters without a LaTeX command are written as their code points, so that different texts never print alike. */
export function inLatex(text: string): string {
  return Array.from(text.normalize('NFC'), characterInLatex).join('')
}

function characterInLatex(character: string): string {
  return commands[character] ?? (/[ -~]/.test(character) ? character : accented(character))
}

function accented(character: string): string {
  const [letter = '', mark = '', ...more] = Array.from(character.normalize('NFD'))
  const accent = accents[mark]
  if (accent !== undefined && more.length === 0 && /[A-Za-z]/.test(letter)) return `{\\${accent}{${letter}}}`
  const point = character.codePointAt(0) ?? 0
  return `(U+${point.toString(16).toUpperCase().padStart(4, '0')})`
}
