/** Formats numbers for display, each with its unit. */
import type { ExpectedSeconds } from '../../src/contract/training'
import type { Language } from '../../src/language/language'

/** Accuracies and shares have four decimals, as in the publication. */
export function accuracy(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(4)
}

/** An estimated accuracy has two decimals: more would claim more than is known. */
export function estimated(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(2)
}

/** `97 %`; what is not 0 does not look like it: `0.3 %`, `< 0.1 %`. */
export function percent(share: number): string {
  const value = 100 * share
  if (value <= 0 || value >= 1) return `${value.toFixed(0)} %`
  return value < 0.1 ? '< 0.1 %' : `${value.toFixed(1)} %`
}

export function loss(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(5)
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal units, three significant digits: `270 MB`. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  const scaled = value / 1000 ** power
  return `${power === 0 ? Math.round(scaled) : Number(scaled.toPrecision(3))} ${units[power] ?? ''}`
}

export function count(value: number, language: Language): string {
  return Math.round(value).toLocaleString(language)
}

function inUnit(value: number, unit: 'second' | 'minute' | 'hour', language: Language): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

/** `45 sec`, `3 min`, `1 hr 20 min`: coarser the longer it is. */
export function duration(seconds: number, language: Language): string {
  if (seconds < 60) return inUnit(Math.max(1, Math.round(seconds)), 'second', language)
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return inUnit(minutes, 'minute', language)
  return `${inUnit(Math.floor(minutes / 60), 'hour', language)} ${inUnit(minutes % 60, 'minute', language)}`
}

/** A range whose ends differ by less than this factor is shown as one figure. */
const oneFigure = 1.6

/** `≈ 45 sec` if the range is narrow, else both ends: `1 – 4 min`, `40 sec – 2 min`. */
export function expectedDuration({ low, likely, high }: ExpectedSeconds, language: Language): string {
  if (high <= oneFigure * low) return `≈ ${duration(likely, language)}`
  const [least, most] = [duration(low, language), duration(high, language)]
  return least === most ? `≈ ${most}` : `${withoutSharedUnit(least, most)} – ${most}`
}

/** Drops the unit of the lower end if both ends have the same: `1` for `1 min` and `4 min`. */
function withoutSharedUnit(text: string, before: string): string {
  const [, figure = text, unit] = /^(\d+)(\D+)$/.exec(text) ?? []
  const [, , other] = /^(\d+)(\D+)$/.exec(before) ?? []
  return unit !== undefined && unit === other ? figure : text
}

/** `0.00001` instead of `1e-5`: learning rates are easier to read written out. */
export function decimal(value: number): string {
  const text = String(value)
  if (!/e-/.test(text)) return text
  return value.toFixed(20).replace(/0+$/, '')
}

/** The user's own form of the page's language, such as British English. */
function localeOf(language: Language): string {
  return navigator.languages.find((locale) => locale.split('-')[0] === language) ?? language
}

export function day(time: string, language: Language): string {
  return new Date(time).toLocaleString(localeOf(language), {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** A difference of accuracies. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`
}

/** Both ends, because neither a Wilson nor a bootstrap interval is centred on the figure. */
export function interval({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${accuracy(low)} … ${accuracy(high)}`
}
