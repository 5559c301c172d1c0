/** What an import left out, renamed and assumed, as sentences for the window and the terminal. */
import type { Assumption, Imported } from '../contract/run'
import type { Language } from './language'

/** How a host shows settings. */
export interface NoteWords {
  nameOf(setting: string): string
  valueOf(setting: string, value: unknown): string
}

interface Sentences {
  passedOver(count: number, names: string): string
  removed(names: string): string
  prefix(name: string): string
  assumed(settings: string): string
  one(name: string, value: string, others: string): string
  /** Between values, and between settings. */
  readonly marks: { readonly values: string; readonly settings: string }
}

const sentences: Readonly<Record<Language, Sentences>> = {
  en: {
    passedOver: (count, names) =>
      count === 1
        ? `1 tensor that no network needs was passed over: ${names}.`
        : `${count} tensors that no network needs were passed over: ${names}.`,
    removed: (names) => `Removed from the names of tensors: ${names}.`,
    prefix: (name) => `"${name}."`,
    assumed: (settings) =>
      `The file does not say the following, so it is assumed: ${settings}. Everything else is as in the preset "published".`,
    one: (name, value, others) => `${name}: ${value}${others === '' ? '' : ` (possible as well: ${others})`}`,
    marks: { values: ', ', settings: '; ' },
  },
  zh: {
    passedOver: (count, names) => `有 ${count} 个张量不属于任何网络，已略过：${names}。`,
    removed: (names) => `已从张量名称中去掉：${names}。`,
    prefix: (name) => `“${name}.”`,
    assumed: (settings) =>
      `文件没有说明以下各项，因此采用假定的值：${settings}。其余设置与预设“published”相同。`,
    one: (name, value, others) => `${name}：${value}${others === '' ? '' : `（也可能是：${others}）`}`,
    marks: { values: '、', settings: '；' },
  },
}

/** No sentences for a checkpoint of the lab. */
export function importNotes(
  { passedOver, removed, assumed }: Pick<Imported, 'passedOver' | 'removed' | 'assumed'>,
  language: Language,
  words: NoteWords,
): string[] {
  const say = sentences[language]
  const { values, settings } = say.marks
  const { count, first } = passedOver
  const one = ({ setting, value, others }: Assumption) =>
    say.one(
      words.nameOf(setting),
      words.valueOf(setting, value),
      others.map((other) => words.valueOf(setting, other)).join(values),
    )
  const names = first.join(values) + (count > first.length ? ' …' : '')
  return [
    ...(count === 0 ? [] : [say.passedOver(count, names)]),
    ...(removed.length === 0 ? [] : [say.removed(removed.map(say.prefix).join(values))]),
    ...(assumed.length === 0 ? [] : [say.assumed(assumed.map(one).join(settings))]),
  ]
}
