declare module 'virtual:licences' {
  import type { Licence } from './licences'
  const licences: readonly Licence[]
  export default licences
}

interface Window {
  /** Put there by Electron's preload script; absent in a browser. */
  readonly dalab?: import('../src/contract/host').Bridge
}
