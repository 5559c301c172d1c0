/** Settings of the program, and what of them the page shows: language and theme. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { LabEvent } from '../../src/contract/lab'
import type { Settings } from '../../src/contract/program'
import { languageOfLocale, type Language } from '../../src/language/language'
import { themes, type ThemeName } from '../theme/tokens'
import { useHost } from './host'

const darkQuery = '(prefers-color-scheme: dark)'

export const useSettings = defineStore('settings', () => {
  const { lab } = useHost()
  const settings = shallowRef<Settings | null>(null)
  const systemIsDark = ref(matchMedia(darkQuery).matches)
  matchMedia(darkQuery).addEventListener('change', (event) => (systemIsDark.value = event.matches))

  /** Chosen on a page that has no lab to keep it. */
  const chosen = ref<Language | null>(null)
  const language = computed<Language>(
    () => settings.value?.language ?? chosen.value ?? languageOfLocale(navigator.language),
  )
  const theme = computed<ThemeName>(() => settings.value?.theme ?? (systemIsDark.value ? 'dark' : 'light'))
  const tokens = computed(() => themes[theme.value])

  async function load(): Promise<void> {
    settings.value = await lab.call('settings', {})
  }

  /** Shown at once: another theme is not to wait for the disk. What is refused is as it was before. */
  async function change(some: Partial<Settings>): Promise<void> {
    const before = settings.value
    if (before !== null) settings.value = { ...before, ...some }
    try {
      settings.value = await lab.call('changeSettings', some)
    } catch (problem) {
      settings.value = before
      throw problem
    }
  }

  function readIn(now: Language): void {
    chosen.value = now
  }

  function receive(event: LabEvent): void {
    if (event.type === 'settings-changed') settings.value = event.settings
  }

  return { settings, language, theme, tokens, load, change, readIn, receive }
})
