/** Unit tests: `core` and `node` for what needs no page, `app` for what needs runes and one. */
import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** A busy machine must not turn a slow test into a failed one; no test waits on purpose. */
const PATIENCE = { testTimeout: 60_000, hookTimeout: 60_000 };

const RUNES = ['src/app/**/*.svelte.test.ts'];
/** Their files share one set of loaded modules, but for those that put others in their place. */
const SHARING = ['src/core/**/*.test.ts', 'src/platform/**/*.test.ts'];
const MOCKING = ['src/core/recipe/made-up-field.test.ts', 'src/platform/gpu/create-runtime.test.ts'];

export default defineConfig({
  test: {
    // Vitest leaves one core free: on two that is half.
    maxWorkers: availableParallelism(),
    projects: [
      { test: { ...PATIENCE, name: 'core', environment: 'node', isolate: false, include: SHARING, exclude: MOCKING } },
      {
        test: {
          ...PATIENCE,
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'workers/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [...SHARING, ...RUNES, '**/node_modules/**'],
        },
      },
      { test: { ...PATIENCE, name: 'mocking', environment: 'node', include: MOCKING } },
      {
        plugins: [svelte()],
        // Without both of these, runes compile to Svelte's server build and effects silently never run.
        resolve: { conditions: ['browser'] },
        test: {
          ...PATIENCE,
          name: 'app',
          environment: 'jsdom',
          include: RUNES,
          setupFiles: ['src/app/testing/last-turn.ts'],
        },
      },
    ],
  },
});
