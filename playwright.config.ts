/** End to end: the built app in Chromium, on software WebGPU and on the CPU. How the specs are laid out: e2e/README.md. */
import { defineConfig, devices } from '@playwright/test';
import { existingBrowsers } from './tools/lib/browser.mjs';
import { chromiumArgs, type GpuChoice } from './tools/lib/chromium-args.mjs';

/** `npm test` has tried it out and says which; by hand the first that exists, else Playwright's own. */
const browser = process.env.GESSO_CHROMIUM ?? existingBrowsers()[0];

/** The desktop profile's user agent would hide which browser it is. */
const desktop = { ...devices['Desktop Chrome'], userAgent: undefined };

const launch = (gpu: GpuChoice) => ({
  ...desktop,
  launchOptions: { args: chromiumArgs(gpu), ...(browser ? { executablePath: browser } : {}) },
});

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/support/serve-app.ts',
  // One at a time: software WebGPU takes all cores there are.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  // A picture takes a minute on SwiftShader with two cores; busy machines take longer.
  timeout: 6 * 60_000,
  expect: { timeout: 30_000 },
  outputDir: '.cache/e2e',
  reporter: 'list',
  use: {
    baseURL: process.env.GESSO_URL,
    // A cached app would hide what the specs change; the spec of the service worker allows it for itself.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  projects: [
    { name: 'wasm', testIgnore: 'webgpu/**', use: launch('none') },
    { name: 'webgpu', testMatch: ['webgpu/**/*.spec.ts', 'parity/**/*.spec.ts'], use: launch('swiftshader') },
  ],
});
