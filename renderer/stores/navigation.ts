/** Store of the page that is shown. The URL holds it, so that it survives a reload. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { pages, type Page } from '../../src/contract/host'

function pageOf(hash: string): Page {
  return pages.find((page) => hash === `#/${page}`) ?? 'experiment'
}

export const useNavigation = defineStore('navigation', () => {
  const page = ref<Page>(pageOf(location.hash))
  addEventListener('hashchange', () => (page.value = pageOf(location.hash)))

  function go(to: Page): void {
    page.value = to
    history.replaceState(null, '', `#/${to}`)
  }

  return { page, go }
})
