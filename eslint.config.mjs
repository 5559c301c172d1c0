/**
 * ESLint: types are checked strictly, and nothing that Electron 9's Node lacks is used where it runs. `npm run long`
 * runs all of it. `npm run lint` runs only the rules without type information here: `.oxlintrc.json` has the others, and
 * oxlint runs them in a tenth of the time.
 */
import prettier from 'eslint-config-prettier'
import node from 'eslint-plugin-n'
import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Rooms that also run in Electron 9, on Node 12.14. */
const onOldNode = [
  'src/{contract,language,files,data,checkpoints,native,models,methods,graph,training,workers,lab}/**/*.ts',
  'electron/**/*.ts',
]

const withoutTypes = {
  files: ['**/*.{ts,vue}'],
  extends: [tseslint.configs.disableTypeChecked],
  // A directive may name a rule with type information.
  linterOptions: { reportUnusedDisableDirectives: 'off' },
}

export default defineConfig(
  globalIgnores(['dist/', 'deps/', 'coverage/', 'release/', 'test/fixtures/', 'assets/', 'docs/']),
  {
    files: ['**/*.{ts,vue}'],
    extends: [tseslint.configs.strictTypeChecked, ...vue.configs['flat/recommended']],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        extraFileExtensions: ['.vue'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      // `return refuse(error)` ends a function early and says why; a type parameter may only name what a caller gets.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // An interface may ask for a promise where an implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Our interfaces are objects of functions; none of them reads `this`.
      '@typescript-eslint/unbound-method': 'off',
      'vue/multi-word-component-names': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      // What the system would do with an address is not in our hands.
      'no-restricted-properties': ['error', { object: 'shell', property: 'openExternal' }],
    },
  },
  {
    files: onOldNode,
    plugins: { n: node },
    rules: {
      'n/no-unsupported-features/node-builtins': ['error', { version: '12.14.0' }],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^node:', message: 'Node 12 knows no node: names.' }] },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/native/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...["CallExpression[callee.property.name='backend']", "ImportSpecifier[imported.name='backend']"].map(
          (selector) => ({ selector, message: "src/native alone deals with tfjs-node's backend." }),
        ),
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A row that must be there is asserted by the test that reads it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect.any(...)` stands for a value, typed as anything.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Scripts put into a page report by its console.
      'no-console': 'off',
    },
  },
  {
    files: ['build/**/*.mjs', '*.{js,mjs,cjs}'],
    rules: { eqeqeq: 'error', 'no-undef': 'off', 'no-unused-vars': ['error', { varsIgnorePattern: '^_' }] },
  },
  ...(process.env.DALAB_LONG === '1' ? [] : [withoutTypes]),
  prettier,
)
