/** A comparison of two methods over the same seeds as text: their differences, each pair, and the test for chance. */
import type { SeedContrast } from '../contract/judging'
import type { Say } from '../language/words'
import { accuracy, interval } from './numbers'
import { repeatLines } from './seeds'
import { differencesText } from './settings-table'
import { pairs as pairsTable, table } from './table'
import type { Terminal } from './terminal'

export function seedContrastText(
  found: SeedContrast,
  { say, language }: Pick<Terminal, 'say' | 'language'>,
): string {
  const parts = [
    settingsText(found, say),
    seedsText(found, say),
    verdictText(found, say),
    campsText(found, say),
    repeatLines(found.repeats, language).join('\n'),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function settingsText({ differences }: SeedContrast, say: Say): string {
  const heads = [say('column-here'), say('column-against')]
  return differences.length === 0 ? say('no-differences') : differencesText(differences, heads, say)
}

function seedsText({ pairs, means, difference }: SeedContrast, say: Say): string {
  const head = [
    say('column-seed'),
    say('column-run'),
    say('column-here'),
    say('column-run'),
    say('column-against'),
    say('column-difference'),
  ]
  const rows = pairs.map((pair) => [
    pair.seed,
    pair.runs[0],
    accuracy(pair.accuracies[0]),
    pair.runs[1],
    accuracy(pair.accuracies[1]),
    accuracy(pair.difference),
  ])
  const mean = [say('mean'), '', accuracy(means[0]), '', accuracy(means[1]), accuracy(difference)]
  return table(head, [...rows, mean])
}

function verdictText(
  { pairs, difference, deviation, p, minP, low, high, count }: SeedContrast,
  say: Say,
): string {
  const spread = deviation === null ? '' : ` ± ${accuracy(deviation)}`
  const measured = pairsTable([
    [say('contrast-seeds-difference'), `${accuracy(difference)}${spread}`],
    [say('contrast-seeds-p'), p.toPrecision(3)],
    [say('contrast-seeds-images'), interval({ low, high })],
    [say('measure-count'), count],
  ])
  return `${measured}\n${say('contrast-seeds-least', { count: pairs.length, least: minP.toPrecision(3) })}`
}

/** A warning that runs match different pairings, so that the mean under the chosen one is not meaningful. */
function campsText({ otherWay: [here, against] }: SeedContrast, say: Say): string {
  return here + against === 0 ? '' : say('contrast-seeds-camps', { here, against })
}
