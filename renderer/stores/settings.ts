/** Store of the program's settings; applies language and theme to the page. */
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

  /** Language chosen while the lab's settings are not available, so that it cannot be saved. */
  const chosen = ref<Language | null>(null)
  const language = computed<Language>(
    () => settings.value?.language ?? chosen.value ?? languageOfLocale(navigator.language),
  )
  const theme = computed<ThemeName>(() => settings.value?.theme ?? (systemIsDark.value ? 'dark' : 'light'))
  const tokens = computed(() => themes[theme.value])

  async function load(): Promise<void> {
    settings.value = await lab.call('settings', {})
  }

  /** Changes that are not written yet. Until they are, what comes from the lab is older than what is shown. */
  let unwritten = 0

  function take(written: Settings): void {
    if (unwritten === 0) settings.value = written
  }

  /** Applies the change at once, before it is written to disk; if it is rejected, the old settings return. */
  async function change(some: Partial<Settings>): Promise<void> {
    const before = settings.value
    if (before !== null) settings.value = { ...before, ...some }
    unwritten += 1
    try {
      const written = await lab.call('changeSettings', some)
      unwritten -= 1
      take(written)
    } catch (problem) {
      unwritten -= 1
      settings.value = before
      throw problem
    }
  }

  function readIn(now: Language): void {
    chosen.value = now
  }

  function receive(event: LabEvent): void {
    if (event.type === 'settings-changed') take(event.settings)
  }

  return { settings, language, theme, tokens, load, change, readIn, receive }
})
