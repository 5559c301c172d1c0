/** Builds the page. One build serves both hosts: Electron's `app://` and the loopback server. */
import { resolve } from 'path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { collectLicences } from '../build/licences.mjs'

const root = import.meta.dirname

export default defineConfig({
  root,
  base: './',
  plugins: [vue()],
  define: {
    __LICENCES__: JSON.stringify(collectLicences(resolve(root, '..'))),
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: resolve(root, '../dist/renderer'),
    emptyOutDir: true,
    // The oldest Chromium that the desktop program supports; see docs/architecture.md.
    target: 'chrome83',
    cssTarget: 'chrome83',
    modulePreload: false,
    assetsInlineLimit: 0,
  },
  worker: { format: 'iife' },
})
