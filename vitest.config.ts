/** Unit tests: `core`, `engine` and `node` for what needs no page, `app` for what needs runes and one. */
import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** A busy machine must not turn a slow test into a failed one; no test waits on purpose. */
const PATIENCE = { testTimeout: 60_000, hookTimeout: 60_000 };

const RUNES = ['src/app/**/*.svelte.test.ts'];
/**
 * Their files share one set of loaded modules, ONNX Runtime compiled once among them (17 files of workers/ took 128 s of the CPU
 * in place of 203), but for those that put others in their place or change a table.
 */
const CORE = ['src/core/**/*.test.ts', 'src/platform/**/*.test.ts'];
const ENGINE = ['src/engine/**/*.test.ts', 'src/clients/**/*.test.ts', 'workers/**/*.test.ts', 'tools/**/*.test.ts'];
const ALONE = [
  'src/core/recipe/made-up-field.test.ts',
  'src/platform/gpu/create-runtime.test.ts',
  'workers/made-up-model.test.ts',
];

export default defineConfig({
  test: {
    // Vitest leaves one core free: on two that is half.
    maxWorkers: availableParallelism(),
    projects: [
      { test: { ...PATIENCE, name: 'core', environment: 'node', isolate: false, include: CORE, exclude: ALONE } },
      { test: { ...PATIENCE, name: 'engine', environment: 'node', isolate: false, include: ENGINE, exclude: ALONE } },
      { test: { ...PATIENCE, name: 'alone', environment: 'node', include: ALONE } },
      {
        test: {
          ...PATIENCE,
          name: 'node',
          environment: 'node',
          include: ['src/app/**/*.test.ts'],
          exclude: RUNES,
        },
      },
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
