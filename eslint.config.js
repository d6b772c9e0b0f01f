// What the linter refuses: mostly the house rules that a machine can check. Layout is Prettier's business.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const PROJECTS = ['./tsconfig.core.json', './tsconfig.worker.json', './tsconfig.json', './tsconfig.test.json'];

export default ts.config(
  globalIgnores([
    'dist/',
    'public/',
    'tools/starter/',
    'tools/fixtures/',
    '**/fixtures/',
    '.cache/',
    'playwright-report/',
    'test-results/',
  ]),
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // TypeScript knows every global already, and better.
      'no-undef': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': ['error', { allow: ['info', 'warn', 'error'] }],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-param-reassign': 'error',
      'max-params': ['error', 5],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', caughtErrors: 'all' },
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
    },
  },
  {
    // These need types: a promise nobody waits for, and a default that throws away 0 and ''.
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { project: PROJECTS, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { boolean: true }, ignoreConditionalTests: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: {
      // `let { open = $bindable(), title } = $props()`: props are reassigned from outside.
      'prefer-const': 'off',
      // Caches and lookups beside the state are not shown by themselves.
      'svelte/prefer-svelte-reactivity': 'off',
      // `{' + '}` keeps the spaces that a bare text would lose.
      'svelte/no-useless-mustaches': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all', excludedRunes: ['$props', '$derived', '$bindable'] }],
    },
  },
  {
    // Programs that speak to a terminal, and configuration.
    files: ['tools/**/*.mjs', 'tools/**/*.ts', 'e2e/**/*.ts', '*.js', '*.cjs', '*.config.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
  },
);
