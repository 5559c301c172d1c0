/**
 * Colours with fixed meanings, for both themes. Pages use them as CSS variables (`--source`), canvases as values. Text
 * colours have a contrast of at least 4.5 : 1 on `surface` and `ground`; source and target have different hues for
 * every common kind of colour blindness. Errors are amber, because red is the source.
 */
export type ThemeName = 'light' | 'dark'

const light = {
  ground: '#f4f5f6',
  surface: '#ffffff',
  sunken: '#edeff1',
  line: '#dde1e5',
  edge: '#868f99',
  text: '#171b20',
  quiet: '#55606b',
  accent: '#0b6e64',
  onAccent: '#ffffff',
  accentSoft: '#dcf0ed',
  source: '#c43125',
  sourceSoft: '#fbe6e3',
  target: '#1c62b6',
  targetSoft: '#e1ecf9',
  frozen: '#66717d',
  frozenSoft: '#eceff1',
  warn: '#8f4a00',
  warnSoft: '#fdf0dd',
  /** Runs in one chart on the compare page: neither source red nor target blue. */
  runA: '#0b6e64',
  runB: '#8a5a00',
  runC: '#7a3f9d',
  runD: '#4c5a2b',
  runE: '#8c2f66',
  runF: '#3d4652',
}

export type Tokens = typeof light

const dark: Tokens = {
  ground: '#0e1114',
  surface: '#15191d',
  sunken: '#1d2227',
  line: '#2a3138',
  edge: '#6b7682',
  text: '#e7eaee',
  quiet: '#9fa9b4',
  accent: '#3cc7b4',
  onAccent: '#05211d',
  accentSoft: '#12332f',
  source: '#ff7f6e',
  sourceSoft: '#3b201d',
  target: '#6cafff',
  targetSoft: '#182c45',
  frozen: '#8d98a4',
  frozenSoft: '#20262c',
  warn: '#efb261',
  warnSoft: '#35270f',
  runA: '#3cc7b4',
  runB: '#e3b04b',
  runC: '#c79be6',
  runD: '#b3c67a',
  runE: '#ef93c2',
  runF: '#b7c0ca',
}

export const themes: Readonly<Record<ThemeName, Tokens>> = { light, dark }

export const runColours = ['runA', 'runB', 'runC', 'runD', 'runE', 'runF'] as const

/** `accentSoft` becomes `--accent-soft`. */
function variable(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

export function applyTheme(name: ThemeName, root: HTMLElement): void {
  root.dataset['theme'] = name
  root.style.colorScheme = name
  for (const [key, value] of Object.entries(themes[name])) root.style.setProperty(variable(key), value)
}
