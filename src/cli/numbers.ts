/** Formats numbers for the terminal: accuracies with 4 decimals and losses with 5, as in the article. */

export function accuracy(value: number | null): string {
  return value === null ? '-' : value.toFixed(4)
}

/** An estimated accuracy has two decimals: more would claim more than is known. */
export function estimated(value: number | null): string {
  return value === null ? '-' : value.toFixed(2)
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}

/** Shown by its ends, because the estimate is not at the centre of a Wilson or bootstrap interval. */
export function interval(ends: { readonly low: number; readonly high: number } | undefined): string {
  return ends === undefined ? '-' : `${accuracy(ends.low)} … ${accuracy(ends.high)}`
}

export function loss(value: number): string {
  return value.toFixed(5)
}

export function losses(terms: Readonly<Record<string, number>>): string {
  return Object.entries(terms)
    .map(([name, value]) => `${name} ${loss(value)}`)
    .join('  ')
}

export function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0)
}

/** Bytes in decimal units, as used for disks and by file managers. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`
}

/** A duration in at most two units: `8.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${String(whole)} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${String(minutes)} min ${String(whole % 60)} s`
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`
}

/** An ISO time as local date and time, to the minute. */
export function moment(time: string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return time
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}
