/** Brings a setting of a form into view. */

/** The element of a setting, or of the nearest one that contains it: `source.shifts.0.degrees`, then `source.shifts`. */
function elementOf(form: HTMLElement, setting: string): HTMLElement | null {
  const path = setting.split('.')
  for (let length = path.length; length > 0; length--) {
    const name = CSS.escape(path.slice(0, length).join('.'))
    const found = form.querySelector<HTMLElement>(`[data-path="${name}"], [data-problem="${name}"]`)
    if (found !== null) return found
  }
  return null
}

/** Opens the closed sections around an element; returns whether there were any. */
function openAround(element: HTMLElement): boolean {
  let hasOpened = false
  for (let at = element.parentElement; at !== null; at = at.parentElement)
    if (at instanceof HTMLDetailsElement && !at.open) hasOpened = at.open = true
  return hasOpened
}

const controls = 'input, select, textarea, button:not([tabindex="-1"]), summary'

/** Opens the section of a setting if it is closed, and then scrolls to the setting. */
export function openSetting(form: HTMLElement, setting: string): void {
  const element = elementOf(form, setting)
  if (element !== null && openAround(element)) element.scrollIntoView({ block: 'nearest' })
}

/** Opens the section of a setting, scrolls to the setting and moves the focus there. */
export function goToSetting(form: HTMLElement, setting: string): void {
  const element = elementOf(form, setting)
  if (element === null) return
  openAround(element)
  element.scrollIntoView({ block: 'center' })
  const control = element.matches(controls) ? element : element.querySelector<HTMLElement>(controls)
  control?.focus({ preventScroll: true })
}
