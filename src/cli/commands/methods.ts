/** `methods`: lists the methods with their declared parameters. */
import { Command } from 'commander'
import { suggestedSettings, type MethodDeclaration } from '../../contract/method'
import { declaredSchedules, weightSchedules, type Parameter } from '../../contract/parameter'
import { citation } from '../../contract/reference'
import type { Language } from '../../language/language'
import type { Say } from '../../language/words'
import type { CommandEnvironment } from '../command'
import { table } from '../table'

function rangeOf(parameter: Parameter, say: Say): string {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return `${String(parameter.least)} ... ${String(parameter.most)}${parameter.unit === undefined ? '' : ` ${parameter.unit}`}`
    case 'choice':
      return parameter.choices.join(', ')
    case 'switch':
      return `${say('switch-on')} (true), ${say('switch-off')} (false)`
  }
}

function textOfOne(method: MethodDeclaration, language: Language, say: Say): string {
  const head = [say('column-setting'), say('column-default'), say('column-range'), say('column-meaning')]
  const ofParameters = Object.entries(method.parameters).map(([key, parameter]) => [
    `adaptation.parameters.${key}`,
    String(parameter.initial),
    rangeOf(parameter, say),
    parameter.meaning[language],
  ])
  const ofWeights = Object.entries(declaredSchedules(method.parameters)).map(([key, schedule]) => [
    `adaptation.weightSchedules.${key}`,
    schedule,
    weightSchedules.join(', '),
    say('weight-schedule', { weight: method.parameters[key]?.label[language] ?? key }),
  ])
  const rows = [...ofParameters, ...ofWeights]
  const lines = [`${method.id}  ${method.title}`, method.about[language]]
  lines.push(...method.references.map(citation))
  lines.push(rows.length === 0 ? say('no-parameters') : table(head, rows))
  if (method.suggested !== undefined) {
    const settings = suggestedSettings(method).map(([name, value]) => `${name}=${String(value)}`)
    lines.push(say('suggested', { from: method.suggested.from[language] }), `--set ${settings.join(' ')}`)
  }
  return lines.join('\n')
}

export function methodsText(methods: readonly MethodDeclaration[], language: Language, say: Say): string {
  return methods.map((method) => textOfOne(method, language, say)).join('\n\n')
}

export function methodsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('methods').description(say('about-methods')).action(
    withLab(async ({ lab, terminal }) => {
      const methods = await lab.call('methods', {})
      terminal.answer(methods, methodsText(methods, terminal.language, say))
    }),
  )
}
