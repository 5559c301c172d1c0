/** Generates docs/methods.md from the declarations. */
import { suggestedSettings, type MethodDeclaration } from '../contract/method'
import type { Parameter } from '../contract/parameter'
import { markdownTable } from '../contract/markdown-table'
import { citation } from '../contract/reference'
import { encoders } from '../networks/registry'

const head = `# Methods

This page is generated from the declarations in \`src/methods\` by \`npm run -s docs:methods\`; \`npm test\` checks that it
matches them. Each method is one file (CDAN and CDAN+E share one), whose first lines give the paper and the formula. The
source stage trains the encoder MS and the classifier C, which adaptation does not change; MT is the target encoder.
Target images are predicted by the checkpoint's \`target_encoder\` and \`target_classifier\`. If a checkpoint lacks one of
them, MS or C takes its place. Source images are predicted and drawn through MS. Methods that train MT as one encoder for
both domains use MT and the target's classifier instead; the line "Source judged through" says which.

Encoders (\`model.encoder\`), each declared in a file of \`src/networks\`:

${encoders.map(({ id, about }) => `- \`${id}\`: ${about.en}`).join('\n')}

The LeNets take images of at least 16x16 pixels, \`convnet-32\` of at least 8x8 (\`model.side\`, 28 by default): the sizes of
the layers after the convolutions follow from the side. \`mlp\` takes vectors (\`model.length\`): hidden layers of the
lengths in \`model.hidden\` (default 256), each with batch normalisation (\`model.batchNorm\`), ReLU and dropout
(\`model.dropout\`, default 0.5), and a linear classifier. \`[]\` is refused, because an encoder without a layer would have
nothing to adapt. Settings that belong to another encoder are ignored.

Batch normalisation classifies with running statistics. With \`adaptation.statistics\` at \`method\`, they are those
that the method's passes in training mode leave; the line "Running statistics" says which domain's. In a \`mixture\`,
the domain that passes last in a step weighs a little more. \`source\`, \`target\` and \`mixture\` recompute them
after each round, from the fixed sample of up to 1,000 samples of the domain, in batches of \`adaptation.batch\`;
\`mixture\` is then the mean of both. Only MT and a target classifier that adaptation changes get them. If MT also
classifies the source, it does so with the same statistics. Steps do not use them, so the choice changes measures and
the stored statistics, never the other weights. \`target\` with \`source-only\` is AdaBN (Li et al. 2017).

Vectors have no random views. Methods that learn from views are refused for them, and images given with labels are shown
unchanged. The line "Needs views" says which methods these are.

In \`adda\` and \`adversarial-consistency\`, a discriminator sees features of MS and MT. Both are computed in training mode,
with dropout and batch statistics, although MS is frozen and its running statistics do not change. Otherwise the
discriminator could tell the domains apart by the mode: with the same images through two equal encoders, its loss fell to
0.004 in 80 steps. In training mode it stays near ln 2. \`lenet\` behaves the same in both modes.

Every method that learns accepts \`adaptation.shots\`: the number of target images per class that are given with their
labels (0: unsupervised). \`adaptation.labels\` lists images instead, by index in the target's dataset, each with the name of
a class of the source ([labelling.md](labelling.md)); give one of the two.

An epoch is one pass over the images, or a number of training steps: \`sourceStage.steps\` and \`adaptation.steps\` (null:
one pass; an epoch of adaptation is a round). In one pass, the last batch may be smaller, and the domain with fewer batches
ends a round. With a number of steps, each domain starts its next pass, in a new order, when one is over, and every batch
is full: images left over at the end of a pass are skipped. A domain with fewer images than a batch is shown whole in each
step.

The weight of a loss term follows a schedule over the rounds: \`constant\`; \`logistic\`, which multiplies it by
2 / (1 + e^(-10p)) - 1 at progress p from 0 to 1 (Ganin et al. 2016, section 5.2.2); or \`linear\`, which multiplies it by
p. The tables give the schedule of each weight; \`adaptation.weightSchedules\` chooses another one, as in
\`--set adaptation.weightSchedules.confusionWeight=logistic\`.

\`adaptation.labelSmoothing\` (default 0) smooths the source's labels in methods that go on learning them, as
\`sourceStage.labelSmoothing\` does in the source stage. Methods without a loss on the source ignore it.`

const roles = {
  adaptation: [],
  reference: ['**A reference: it uses target labels, so it is never compared as an adaptation method.**'],
  control: ['**A control: it learns without the source.**'],
} as const

export function methodsPage(methods: readonly MethodDeclaration[]): string {
  return `${[head, ...methods.map(sectionOf)].join('\n\n')}\n`
}

function sectionOf(method: MethodDeclaration): string {
  const { id, title, role, about, references, losses, networks, sourceJudge, statistics, needsViews } = method
  const networkNames = ['target_encoder', ...networks.map(({ id }) => id)]
    .map((name) => `\`${name}\``)
    .join(', ')
  const learns =
    losses.length === 0
      ? []
      : [
          `Losses: ${losses.join(', ')}. Networks: ${networkNames}. Source judged through ${sourceJudge}. Running statistics: ${statistics}.`,
        ]
  return [
    `## ${title} (\`${id}\`)`,
    ...roles[role],
    about.en,
    ...references.map((reference) => `- ${citation(reference)}${sectionIn(reference)}`),
    ...learns,
    ...(needsViews === true ? ['Needs views: images only.'] : []),
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
    parameter.weight?.schedule ?? '',
    parameter.meaning.en,
  ])
  const head = ['parameter', 'default', 'usual', 'schedule', 'meaning']
  return rows.length === 0 ? [] : [markdownTable(head, rows)]
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
  return [`Suggested settings, from ${suggested.from.en}: ${settings.join(', ')}.`]
}
