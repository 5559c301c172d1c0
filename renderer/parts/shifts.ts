/** The kinds of shift that a form can add, each with a value large enough to see. */
import type { Shift } from '../../src/contract/experiment'

export const visibleShifts: { readonly [K in Shift['kind']]: Extract<Shift, { kind: K }> } = {
  rotation: { kind: 'rotation', degrees: 30 },
  scale: { kind: 'scale', factor: 0.7 },
  shear: { kind: 'shear', degrees: 20 },
  translation: { kind: 'translation', right: 4, down: 0 },
  inversion: { kind: 'inversion' },
  noise: { kind: 'noise', deviation: 0.3 },
  blur: { kind: 'blur', deviation: 1.2 },
  contrast: { kind: 'contrast', factor: 0.4 },
  'coloured-background': { kind: 'coloured-background' },
}

export const shiftKinds = Object.keys(visibleShifts) as Shift['kind'][]

/** The numeric fields of a shift, with their names. */
export function amountsOf(shift: Shift): [string, number][] {
  return Object.entries(shift).flatMap(([key, value]) => (typeof value === 'number' ? [[key, value]] : []))
}

const unitOfAmount: Readonly<Record<string, string>> = {
  degrees: '°',
  right: 'px',
  down: 'px',
  factor: '×',
  deviation: '',
}

export function unitOf(shift: Shift, amount: string): string {
  return shift.kind === 'blur' ? 'px' : (unitOfAmount[amount] ?? '')
}
