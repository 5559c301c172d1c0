/** Parses settings given as `key=value`; the key is a dotted name in an experiment: `adaptation.learningRate=0.001`. */
import type { SettingText } from '../contract/check'
import { labError } from '../contract/errors'

export function settingIn(text: string): SettingText {
  const [, name, value] = /^\s*([^\s=]+)\s*=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw labError('malformed-setting', { text })
  return [name, value.trim()]
}
