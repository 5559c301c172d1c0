/** What the build and the hosts put around the page. */

/** The packages that the program ships; see build/licences.mjs. */
declare const __LICENCES__: readonly import('../build/licences.mjs').Licence[]

interface Window {
  /** Put there by Electron's preload script; absent in a browser. */
  readonly dalab?: import('../src/contract/host').Bridge
}

/** For tools that do not read components themselves; vue-tsc does. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}
