/** Tests: the node projects run the real parts in processes of their own; the renderer's run in happy-dom. */
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Before the tests that start the lab's programs. */
const bundled = 'test/bundled-programs.ts'

/** Files in this order first: a long one that begins last keeps one core busy while the other is idle. */
const longest = [
  'desktop/training',
  'integration/resume',
  'desktop/journey',
  'integration/cli-runs',
  'integration/lab',
  'integration/restarts',
  'integration/analyst',
  'integration/strangers',
  'integration/failures',
  'integration/queue',
  'integration/contrast-seeds',
  'integration/server',
  'browser/accessibility',
  'browser/journey',
  'browser/faults',
  'desktop/opening',
  'unit/methods/methods',
  'unit/training/methods',
  'unit/training/torch',
  'unit/training/training',
]

function rankOf({ moduleId }: TestSpecification): number {
  const found = longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`))
  return found === -1 ? longest.length : found
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files)
    return usual.sort((one, other) => rankOf(one) - rankOf(other))
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // A test waits for one core most of the time: TensorFlow's steps here are tiny.
    maxWorkers: 2,
    globalSetup: ['test/temporary-folder.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000,
          // Modules are loaded once for all files of a worker, TensorFlow among them: no test replaces one.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: [bundled],
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'window',
          include: ['test/{desktop,browser}/**/*.test.ts'],
          globalSetup: [bundled, 'test/desktop/display.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
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
          setupFiles: ['test/renderer/between-files.ts'],
          isolate: false,
          testTimeout: 30_000,
        },
      },
    ],
  },
})
