/** End to end: the built app in Chromium, on software WebGPU and on the CPU. How the specs are laid out: e2e/README.md. */
import { defineConfig, devices } from '@playwright/test';
import { existingBrowsers } from './tools/lib/browser.mjs';
import { chromiumArgs, type GpuChoice } from './tools/lib/chromium-args.mjs';
import { findEngines } from './tools/engines/find.mjs';
import { lavapipeBrowser } from './tools/lavapipe/browser.mjs';

/** `npm test` has tried it out and says which; by hand the first that exists, else Playwright's own. */
const browser = process.env.GESSO_CHROMIUM ?? existingBrowsers()[0];

/** The desktop profile's user agent would hide which browser it is. */
const desktop = { ...devices['Desktop Chrome'], userAgent: undefined };

const launch = (gpu: GpuChoice, executablePath = browser) => ({
  ...desktop,
  launchOptions: { args: chromiumArgs(gpu), ...(executablePath ? { executablePath } : {}) },
});

/** Made by `npm test`, or by hand with `node tools/lavapipe.mjs`; empty where there is none. The workers read it, too. */
process.env.GESSO_LAVAPIPE ??= await existingLavapipe();

/** The same of the other engines. */
const { firefox, webkit } = await findEngines();
process.env.GESSO_FIREFOX ??= 'path' in firefox ? firefox.path : '';
process.env.GESSO_WEBKIT ??= 'path' in webkit ? webkit.path : '';

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/support/serve-app.ts',
  // The app takes one core on the CPU; software WebGPU takes all there are.
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // Two hundred pages on a busy machine: a race in one of them is named in the summary of `npm test`, and looked into.
  retries: process.env.CI ? 1 : 0,
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
    { name: 'wasm', testIgnore: /e2e[\\/](lavapipe|swiftshader|engines)[\\/]/, use: launch('none') },
    { name: 'lavapipe', workers: 1, testDir: 'e2e/lavapipe', use: launch('lavapipe', process.env.GESSO_LAVAPIPE) },
    { name: 'engines', testDir: 'e2e/engines', fullyParallel: true },
    { name: 'swiftshader', workers: 1, testDir: 'e2e/swiftshader', use: launch('swiftshader') },
  ],
});

async function existingLavapipe(): Promise<string> {
  const made = await lavapipeBrowser();
  return 'path' in made ? made.path : '';
}
