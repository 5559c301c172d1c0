/** A host that answers from fixtures; tests send its events themselves. */
import { createPinia } from 'pinia'
import { mount } from '@vue/test-utils'
import { createApp, type Component } from 'vue'
import { labError } from '../../src/contract/errors'
import type { CommandInput, CommandName, CommandOutput, LabEvent } from '../../src/contract/lab'
import { createWords } from '../../renderer/i18n/words'
import { hostKey, type Host } from '../../renderer/lab/client'
import * as fixtures from './fixtures'

type Answers = {
  [K in CommandName]?: (input: CommandInput<K>) => CommandOutput<K> | Promise<CommandOutput<K>>
}

const usual: Answers = {
  presets: () => [fixtures.preset],
  methods: () => [fixtures.method],
  datasets: () => [fixtures.dataset],
  formats: () => fixtures.formats,
  compareDataset: () => null,
  gallery: () => fixtures.images,
  check: () => fixtures.experiment,
  estimate: () => ({ bytes: 270e6, free: 80e9, seconds: null, attempts: 1 }),
  runs: () => [fixtures.summary],
  trashed: () => [],
  trashedDatasets: () => [],
  datasetUse: () => ({ runs: [], series: [] }),
  run: () => ({ summary: fixtures.summary, record: fixtures.record, pathsToAllow: [] }),
  history: () => fixtures.history(3),
  view: ({ round }) => fixtures.view(round),
  viewImages: () => ({ source: fixtures.images, target: fixtures.images }),
  settings: () => ({ dataFolder: '/data', threads: 2, language: 'en', theme: 'light' }),
  doctor: () => [],
  queue: () => [],
}

export interface TestHost extends Host {
  readonly calls: readonly { readonly name: CommandName; readonly input: unknown }[]
  send(event: LabEvent): void
}

export function createHost(answers: Answers = {}): TestHost {
  const all: Answers = { ...usual, ...answers }
  const listeners = new Set<(event: LabEvent) => void>()
  const calls: { name: CommandName; input: unknown }[] = []
  return {
    calls,
    send: (event) => listeners.forEach((listener) => listener(event)),
    lab: {
      call: async (name, input) => {
        calls.push({ name, input })
        const answer = all[name]
        if (answer === undefined) throw labError('unexpected', { problem: `the test has no ${name}` })
        await Promise.resolve()
        return answer(input)
      },
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    files: {
      pick: () => Promise.resolve(null),
      bring: () => Promise.resolve(''),
      exportCheckpoint: () => Promise.resolve([]),
      exportPredictions: () => Promise.resolve(true),
      showInFolder: null,
      openLogs: null,
    },
    version: '0.1.0',
    versions: {},
    onConnection: (listener) => {
      listener('up')
      return () => undefined
    },
    onRequest: () => () => undefined,
  }
}

/** For testing stores alone: runs `use` where a component's setup would. */
export function inApp<T>(host: Host, use: () => T): T {
  const app = createApp({})
  app.provide(hostKey, host)
  app.use(createPinia())
  return app.runWithContext(use)
}

export function mountWith(component: Component, host: Host, props: Record<string, unknown> = {}) {
  return mount(component, {
    props,
    attachTo: document.body,
    global: { plugins: [createPinia(), createWords()], provide: { [hostKey as symbol]: host } },
  })
}
