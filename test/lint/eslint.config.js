// The house rules that a machine can hold: strict types, small files, and imports that point one
// way (docs/architecture.md draws the layers). A later `no-restricted-imports` block replaces an
// earlier one for the same file, so a more specific layer repeats its parent's patterns.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { defineConfig, globalIgnores } from 'eslint/config';

const no = (group, message) => ({ group, message });
const layer = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

const terminalLibraries = no(['blessed*'], 'only top/terminal/ knows the terminal library.');
const serverSide = no(['**/server/**'], 'the dashboard meets the server on the wire only.');
const topSide = no(['**/top/**'], 'the server knows nothing of the dashboard.');
const effects = no(['node:*', 'ws', 'pidusage'], 'this folder is pure: data in, data out.');

/** Folders that decide and never act: no clock, no process, no timers, no chance. */
const pure = [
  'shared/**',
  'server/master/decide/**',
  'server/stats/document/**',
  'server/metrics/**',
  'server/health/**',
  'top/model/**',
  'top/view/**',
];

export default defineConfig(
  globalIgnores(['dist/', 'site/', 'node_modules/', 'test/fixtures/apps/broken/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname + '/../..',
      },
    },
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      complexity: ['error', 12],
    },
  },
  layer(['shared/**'], effects, serverSide, topSide, terminalLibraries),
  // What deflates is a function of its input, though Node has it in a library.
  layer(
    ['shared/packed-lines.ts'],
    no(['node:*', '!node:zlib', 'ws', 'pidusage'], 'this folder is pure: data in, data out.'),
    serverSide,
    topSide,
    terminalLibraries,
  ),
  layer(['server/**'], topSide, terminalLibraries),
  // The face of the package is one file, and what it offers comes from both sides: `worker` to the
  // application that runs here, `connect` to whoever watches from elsewhere. It may name the public
  // part of the client, whose code it loads only when it is called.
  layer(
    ['server/index.ts'],
    {
      regex: '/top/(?!client/(connect|connection|connection-state|command-desk)\\.js$)',
      message: 'only the public client is a part of the package.',
    },
    terminalLibraries,
  ),
  layer(
    [
      'server/master/decide/**',
      'server/stats/document/**',
      'server/metrics/**',
      'server/health/**',
    ],
    effects,
    topSide,
    terminalLibraries,
  ),
  layer(['top/**'], serverSide, terminalLibraries),
  layer(['top/terminal/**'], serverSide),
  layer(
    ['top/model/**'],
    effects,
    serverSide,
    terminalLibraries,
    no(['**/view/**', '**/client/**', '**/terminal/**'], 'the model knows no view and no wire.'),
  ),
  layer(
    ['top/view/**'],
    effects,
    serverSide,
    terminalLibraries,
    no(['**/client/**', '**/terminal/**'], 'a view is a function of the model.'),
  ),
  {
    files: pure,
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'performance',
        'console',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'take the time as a parameter.' },
        { object: 'Math', property: 'random', message: 'take the chance as a parameter.' },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      parserOptions: { projectService: false },
      globals: {
        AbortController: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        Response: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        exports: 'readonly',
        module: 'readonly',
        performance: 'readonly',
        process: 'readonly',
        require: 'readonly',
        setImmediate: 'readonly',
        setInterval: 'readonly',
        setTimeout: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
