/** A suggested change: one setting, its value in this run, and another value. */
import type { Experiment } from '../../src/contract/experiment'
import { valueAt } from '../../src/contract/schema'
import { encoderNamed } from '../../src/networks/registry'

export type Settings = Pick<Experiment, 'model' | 'sourceStage' | 'adaptation' | 'source'>

export interface NextStep {
  readonly setting: string
  readonly from: unknown
  readonly to: unknown
}

export function set(settings: Settings, setting: string, to: unknown): NextStep {
  return { setting, from: valueOf(settings, setting), to }
}

/** Null if the setting does not have the value `from`. */
export function changed(settings: Settings, setting: string, from: unknown, to: unknown): NextStep | null {
  return valueOf(settings, setting) === from ? { setting, from, to } : null
}

/** The same kind of encoder with batch normalisation; null if there is none. */
export function normalised(settings: Settings): NextStep | null {
  const from = encoderNamed(settings.model.encoder)
  return from.normalised === undefined
    ? null
    : { setting: 'model.encoder', from: from.id, to: from.normalised }
}

export function scaled(settings: Settings, setting: string, by: number): NextStep {
  const from = Number(valueOf(settings, setting))
  return { setting, from, to: Number((from * by).toPrecision(2)) }
}

const valueOf = (settings: Settings, setting: string): unknown => valueAt(settings, setting.split('.'))
