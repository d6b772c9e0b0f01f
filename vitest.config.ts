/** Unit tests: `node` for everything pure, `app` for what needs runes and a page. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const RUNES = ['src/app/**/*.svelte.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'workers/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [...RUNES, '**/node_modules/**'],
        },
      },
      {
        plugins: [svelte()],
        // Without both of these, runes compile to Svelte's server build and effects silently never run.
        resolve: { conditions: ['browser'] },
        test: { name: 'app', environment: 'jsdom', include: RUNES },
      },
    ],
  },
});
