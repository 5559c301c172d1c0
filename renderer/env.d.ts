/** Types of globals that the build and the hosts define. */

/** Packages shipped with the program; see build/licences.mjs. */
declare const __LICENCES__: readonly import('../build/licences.mjs').Licence[]

interface Window {
  /** Set by Electron's preload script; absent in a browser. */
  readonly dalab?: import('../src/contract/host').Bridge
}

/** For tools other than vue-tsc, which cannot read components. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}
