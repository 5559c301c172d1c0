/** A result card as one Markdown text to file with a paper; its parts are the same as the copied ones. */
import type { Card } from '../../src/contract/judging'
import type { Language } from '../../src/language/language'
import { repeatSentence } from '../../src/language/repeats'
import { accuracy } from '../format/numbers'

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``

export const settingsIn = ({ experiment }: Card): string => JSON.stringify(experiment, null, 2)

/** @param heads column headings: run, seed, before, target, best pairing, unseen, unseen under the best pairing */
export function cardText(card: Card, heads: readonly string[], language: Language): string {
  const table = [
    row(heads),
    row(heads.map(() => '---')),
    ...card.runs.map(({ run, seed, before, target, bestPairing, unseen, unseenBest }) =>
      row([run, seed, ...[before, target, bestPairing, unseen, unseenBest].map(accuracy)]),
    ),
  ].join('\n')
  const parts = [
    `# ${card.experiment.name}`,
    table,
    ...card.repeats.map((repeat) => repeatSentence(repeat, language)),
    fenced('latex', card.latex),
    ...(card.bibtex === '' ? [] : [fenced('bibtex', card.bibtex)]),
    fenced('json', settingsIn(card)),
  ]
  return `${parts.join('\n\n')}\n`
}
