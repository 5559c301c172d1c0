/** `presets`: the experiments that come with the lab. */
import { Command } from 'commander'
import type { Preset } from '../../contract/experiment'
import type { Language } from '../../language/language'
import type { Say } from '../../language/words'
import type { CommandEnvironment } from '../command'

function textOfOne(preset: Preset, language: Language, say: Say): string {
  const lines = [`${preset.id}  ${preset.title[language]}`, preset.about[language]]
  if (preset.choices.length > 0) {
    lines.push(say('our-choices'), ...preset.choices.map((choice) => `- ${choice[language]}`))
  }
  return lines.join('\n')
}

export function presetsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('presets').description(say('about-presets')).action(
    withLab(async ({ lab, terminal }) => {
      const presets = await lab.call('presets', {})
      const text = presets.map((preset) => textOfOne(preset, terminal.language, say)).join('\n\n')
      terminal.answer(presets, text)
    }),
  )
}
