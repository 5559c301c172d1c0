/** Which room may import which. Imports point one way; see docs/architecture.md. */

/** Each room with the rooms it may import, beside itself. */
const rooms = {
  'src/networks': [],
  'src/contract': ['src/networks'],
  'src/language': ['src/networks', 'src/contract'],
  'src/files': ['src/networks', 'src/contract'],
  'src/data': ['src/networks', 'src/contract', 'src/files'],
  'src/checkpoints': ['src/networks', 'src/contract', 'src/files'],
  'src/statistics': ['src/networks', 'src/contract', 'src/data'],
  'src/native': ['src/networks', 'src/contract'],
  'src/models': ['src/networks', 'src/contract', 'src/data', 'src/checkpoints', 'src/native'],
  'src/methods': ['src/networks', 'src/contract', 'src/data', 'src/checkpoints', 'src/models'],
  'src/graph': ['src/networks', 'src/contract', 'src/native'],
  'src/training': [
    'src/networks',
    'src/contract',
    'src/data',
    'src/checkpoints',
    'src/models',
    'src/methods',
    'src/graph',
    'src/native',
    'src/statistics',
  ],
  'src/workers': [
    'src/networks',
    'src/contract',
    'src/files',
    'src/data',
    'src/checkpoints',
    'src/models',
    'src/methods',
    'src/graph',
    'src/native',
    'src/training',
    'src/statistics',
  ],
  'src/lab': ['src/networks', 'src/contract', 'src/files', 'src/data', 'src/checkpoints', 'src/statistics'],
  'src/server': ['src/networks', 'src/contract', 'src/files', 'src/data', 'src/checkpoints', 'src/lab'],
  'src/cli': [
    'src/networks',
    'src/contract',
    'src/files',
    'src/data',
    'src/checkpoints',
    'src/lab',
    'src/language',
    'src/server',
    'src/statistics',
  ],
  electron: [
    'src/networks',
    'src/contract',
    'src/data',
    'src/checkpoints',
    'src/lab',
    'src/language',
    'src/server',
  ],
  renderer: ['src/networks', 'src/contract', 'src/language', 'src/statistics'],
}

const any = Object.keys(rooms).join('|')

const directions = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room.replace('src/', '')}-imports-only-what-it-may`,
  comment: `${room} may import ${['itself', ...allowed].join(', ')}.`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: `^(${any}|test)/`, pathNot: `^(${[room, ...allowed].join('|')})/` },
}))

const onEveryPage = ['format', 'i18n', 'lab', 'theme', 'umap', 'stores', 'parts', 'charts']

/** Each room of the page with the rooms of the page it may import, besides itself. */
const pageRooms = {
  theme: [],
  i18n: [],
  format: ['i18n'],
  umap: ['format'],
  lab: ['format'],
  stores: ['format', 'i18n', 'lab', 'theme'],
  parts: ['format', 'i18n', 'lab', 'theme', 'stores'],
  charts: ['format', 'i18n', 'lab', 'theme', 'stores', 'parts'],
  setup: onEveryPage,
  panels: onEveryPage,
  datasets: onEveryPage,
  trash: onEveryPage,
  predictions: [...onEveryPage, 'datasets'],
  checkpoints: [...onEveryPage, 'setup', 'panels', 'datasets', 'predictions'],
  learn: [...onEveryPage, 'panels'],
}

/** Only views and the files at the top of renderer/ may import every room. */
const pageDirections = Object.entries(pageRooms).map(([room, allowed]) => ({
  name: `page-${room}-imports-only-what-it-may`,
  comment: `renderer/${room} may import ${['itself', ...allowed].join(', ')}.`,
  severity: 'error',
  from: { path: `^renderer/${room}/` },
  to: { path: '^renderer/', pathNot: `^renderer/(${[room, ...allowed].join('|')})/` },
}))

/** Packages that belong to some rooms only. `type` imports count too: a declaration is a dependency. */
const packages = [
  {
    name: 'native-library-in-workers-only',
    comment: 'Loading TensorFlow in the main process of Electron crashes it.',
    from: { pathNot: '^(src/workers|test)/' },
    to: { path: 'node_modules/@tensorflow/tfjs-node' },
  },
  {
    name: 'tensors-from-models-on',
    comment:
      'Networks are declared, and contract, data, checkpoints and every host work, without TensorFlow.',
    from: {
      path: '^(src/(networks|contract|language|files|data|checkpoints|lab|server|cli)|electron|renderer)/',
    },
    to: { path: 'node_modules/@tensorflow/' },
  },
  {
    name: 'electron-in-electron-only',
    comment: 'Everything else also runs without a window.',
    from: { path: '^(src|renderer)/' },
    to: { path: 'node_modules/electron' },
  },
  {
    name: 'vue-in-renderer-only',
    comment: 'The page is one of three hosts of the same lab.',
    from: { path: '^(src|electron)/' },
    to: { path: 'node_modules/(vue|pinia|vue-i18n|naive-ui|chart\\.js)/' },
  },
  {
    name: 'page-without-node',
    comment: 'The page also runs in a browser.',
    from: {
      path: '^(renderer|src/networks|src/contract|src/language)/',
      pathNot: '^renderer/vite\\.config\\.ts$',
    },
    to: { dependencyTypes: ['core'] },
  },
].map((rule) => ({ ...rule, severity: 'error' }))

const sound = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:' } },
  {
    name: 'packages-are-declared',
    severity: 'error',
    from: { path: '^(src|electron|renderer)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
]

module.exports = {
  forbidden: [...directions, ...pageDirections, ...packages, ...sound],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.vue', '.js', '.mjs', '.cjs', '.json'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
}
