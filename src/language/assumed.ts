/** The settings that an import assumed, as one sentence for the window and the terminal. */
import type { Assumption } from '../contract/run'
import type { Language } from './language'

/** How a host shows settings. */
export interface SettingNames {
  nameOf(setting: string): string
  valueOf(setting: string, value: unknown): string
}

interface Sentences {
  assumed(settings: string): string
  one(name: string, value: string, others: string): string
  /** Between values, and between settings. */
  readonly marks: { readonly values: string; readonly settings: string }
}

const sentences: Readonly<Record<Language, Sentences>> = {
  en: {
    assumed: (settings) =>
      `The file does not say the following, so it is assumed: ${settings}. Everything else is as in the preset "published".`,
    one: (name, value, others) => `${name}: ${value}${others === '' ? '' : ` (possible as well: ${others})`}`,
    marks: { values: ', ', settings: '; ' },
  },
  zh: {
    assumed: (settings) =>
      `文件没有说明以下各项，因此采用假定的值：${settings}。其余设置与预设“published”相同。`,
    one: (name, value, others) => `${name}：${value}${others === '' ? '' : `（也可能是：${others}）`}`,
    marks: { values: '、', settings: '；' },
  },
}

/** null if nothing was assumed, as for a checkpoint of the lab. */
export function assumedSentence(
  assumed: readonly Assumption[],
  language: Language,
  { nameOf, valueOf }: SettingNames,
): string | null {
  if (assumed.length === 0) return null
  const say = sentences[language]
  const settings = assumed.map(({ setting, value, others }) => {
    const words = others.map((other) => valueOf(setting, other)).join(say.marks.values)
    return say.one(nameOf(setting), valueOf(setting, value), words)
  })
  return say.assumed(settings.join(say.marks.settings))
}
