/** Generates docs/methods.md from the declarations. */
import { suggestedSettings, type MethodDeclaration } from '../contract/method'
import type { Parameter } from '../contract/parameter'
import { markdownTable } from '../contract/markdown-table'
import { citation } from '../contract/reference'

const head = `# Methods

Made from the declarations in \`src/methods\` by \`npm run -s docs:methods\`; \`npm test\` holds it to them. Each method is
one file (CDAN and CDAN+E share theirs), whose first lines give the paper and the formula. MS and C are the encoder and
the classifier that the source stage trains and that stay as they are; MT is the target encoder. A checkpoint's target is
judged by \`target_encoder\` and \`target_classifier\`, in place of which the source's stand where they are not there. Its
source is judged and drawn through MS, or, where a method makes MT one encoder for both domains, through MT and the classifier
of the target; each says which.

Encoders (\`model.encoder\`): \`lenet\`, the article's, with 512 features; \`lenet-bn\`, with batch normalisation, dropout and 256
features, as SHOT has it; \`lenet-mlp\`, with batch normalisation, 768 features and a classifier of three layers with
dropout, as MCD has it (\`src/models\`).

Where a discriminator sees features of MS and of MT (\`adda\`, \`adversarial-consistency\`), both are computed in the mode of a
network that learns, with dropout and by the batch, though MS is frozen and its running statistics stay. A discriminator would
otherwise tell the domains by the mode: on the same images through two equal encoders its loss fell to 0.004 in 80 steps, and
stays near ln 2 now. \`lenet\` has one mode only, so nothing differs there.

Every method that learns takes \`adaptation.shots\`: so many target images of each class with their labels (0: unsupervised).`

const roles = {
  adaptation: [],
  reference: [
    '**A reference: it uses the labels of the target, and is never compared as a method of adaptation.**',
  ],
  control: ['**A control: it learns without the source.**'],
} as const

export function methodsPage(methods: readonly MethodDeclaration[]): string {
  return `${[head, ...methods.map(sectionOf)].join('\n\n')}\n`
}

function sectionOf(method: MethodDeclaration): string {
  const { id, title, role, about, references, losses, networks, sourceJudge } = method
  const networksToo = [...new Set(['target_encoder', ...networks])].map((name) => `\`${name}\``).join(', ')
  const learns =
    losses.length === 0
      ? []
      : [`Losses: ${losses.join(', ')}. Networks: ${networksToo}. Source judged through ${sourceJudge}.`]
  return [
    `## ${title} (\`${id}\`)`,
    ...roles[role],
    about.en,
    ...references.map((reference) => `- ${citation(reference)}${sectionIn(reference)}`),
    ...learns,
    ...parameterTable(method),
    ...suggestionOf(method),
  ].join('\n\n')
}

function sectionIn({ section }: { readonly section?: string }): string {
  return section === undefined ? '' : ` Section ${section}.`
}

function parameterTable({ parameters }: MethodDeclaration): string[] {
  const rows = Object.entries(parameters).map(([key, parameter]) => [
    `\`${key}\``,
    String(parameter.initial),
    usualOf(parameter),
    parameter.meaning.en,
  ])
  return rows.length === 0 ? [] : [markdownTable(['parameter', 'default', 'usual', 'meaning'], rows)]
}

function usualOf(parameter: Parameter): string {
  if (parameter.kind === 'switch') return 'true, false'
  if (parameter.kind === 'choice') return parameter.choices.join(', ')
  const [least, most] = parameter.usual ?? [parameter.least, parameter.most]
  return `${String(least)} to ${String(most)}`
}

function suggestionOf(method: MethodDeclaration): string[] {
  const { suggested } = method
  if (suggested === undefined) return []
  const settings = suggestedSettings(method).map(([name, value]) => `\`${name}=${String(value)}\``)
  return [`Suggested, from ${suggested.from.en}: ${settings.join(', ')}.`]
}
