/** Generates docs/presets.md from the data files. */
import type { Domain, Preset } from '../contract/experiment'
import { markdownTable } from '../contract/markdown-table'

const head = `# Presets

This page is generated from the files in \`assets/presets\` by \`npm run -s docs:presets\`; \`npm test\` checks that it
matches them. To run a preset, use \`npm run -s lab -- run --preset ID\` or choose it at the top of the window's form. Any
setting can be changed (\`--set\`). [results.md](results.md) gives the results over several seeds and the times;
[tuning.md](tuning.md) explains how the settings were found.`

export function presetsPage(presets: readonly Preset[]): string {
  return `${[head, overview(presets), ...presets.map(sectionOf)].join('\n\n')}\n`
}

function overview(presets: readonly Preset[]): string {
  const rows = presets.map(({ id, experiment: { source, target, adaptation } }) => [
    `[\`${id}\`](#${id})`,
    domainOf(source),
    domainOf(target),
    `\`${adaptation.method}\``,
    adaptation.shots,
    adaptation.epochs,
  ])
  return markdownTable(['preset', 'source', 'target', 'method', 'labels per class', 'rounds'], rows)
}

function domainOf({ dataset, partition, classes, shifts }: Domain): string {
  const digits = classes.length === 10 ? [] : [`{${classes.join(', ')}}`]
  const split = partition === 'original' ? [] : [partition]
  return [dataset, ...split, ...digits, ...shifts.map(({ kind }) => kind)].join(' ')
}

function sectionOf({ id, title, about, choices }: Preset): string {
  const list = choices.map(({ en }) => `- ${en}`).join('\n')
  return [`## \`${id}\``, `**${title.en}.** ${about.en}`, ...(list === '' ? [] : [list])].join('\n\n')
}
