/** Tests: the node projects run the real parts in processes of their own; the renderer's run in happy-dom. */
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Tests of windows that look and click more than they train. */
const light = ['test/desktop/{guard,opening}.test.ts', 'test/browser/accessibility.test.ts']

const onDisplay = {
  globalSetup: ['test/desktop/display.ts'],
  testTimeout: 300_000,
  hookTimeout: 300_000,
}

export default defineConfig({
  test: {
    pool: 'forks',
    // A test waits for one core most of the time: TensorFlow's steps here are tiny.
    maxWorkers: 2,
    globalSetup: ['test/temporary-folder.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'light window',
          include: light,
          ...onDisplay,
        },
      },
      {
        extends: true,
        test: {
          name: 'window',
          include: ['test/{desktop,browser}/**/*.test.ts'],
          exclude: light,
          ...onDisplay,
          // Each of them trains, in a program of its own: one after the other, when nothing else runs.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        plugins: [vue()],
        // What Vite writes into the page: the licences of what it is made of.
        define: { __LICENCES__: '[]' },
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          environment: 'happy-dom',
          testTimeout: 30_000,
        },
      },
    ],
  },
})
