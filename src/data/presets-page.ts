/** Generates docs/presets.md from the data files. */
import type { Domain, Preset } from '../contract/experiment'
import { markdownTable } from '../contract/markdown-table'

const head = `# Presets

Made from the files in \`assets/presets\` by \`npm run -s docs:presets\`; \`npm test\` holds it to them. Each is run by
\`npm run -s lab -- run --preset ID\`, or chosen at the top of the window's form; any setting can be changed (\`--set\`). What
they come to over several seeds, and how long they take, stands in [results.md](results.md); how their settings were found in
[tuning.md](tuning.md).`

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
  return markdownTable(['preset', 'source', 'target', 'method', 'labelled a class', 'rounds'], rows)
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
