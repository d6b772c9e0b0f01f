/** Runs workflows in a page that is nothing but the engine (tools/workflow-page): what of Gesso other pages have. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { chromium } from '@playwright/test';
import { PNG } from 'pngjs';
import { createServer } from 'vite';
import { findBrowser } from './browser.mjs';
import { chromiumArgs } from './chromium-args.mjs';
import { ROOT } from './paths.mjs';

/** @typedef {import('../workflow-page/workflow-page').PaintedWorkflow} PaintedWorkflow */

/** Headers of the app's own server: cross-origin isolation gives wasm its threads. */
const HEADERS = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** @typedef {import('../workflow-page/workflow-page').Given} Given  what a workflow names and does not hold */
/**
 * @typedef {object} WorkflowPage
 * @property {(path: string) => Promise<import('../workflow-page/workflow-page').AddedModel>} addModel  a file, or a folder of diffusers; throws an Error in one sentence
 * @property {(workflow: object, given?: Given) => Promise<Omit<PaintedWorkflow, 'images'> & { pngs: Buffer[] }>} run  throws an Error in one sentence
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} workflow @param {import('./open-app.mjs').Provider} provider @param {Given} given  what it names
 * @throws Error in one sentence
 */
export async function runWorkflow(workflow, provider, given = {}) {
  const page = await openWorkflowPage(provider);
  try {
    return await page.run(workflow, given);
  } finally {
    await page.close();
  }
}

/** @param {import('./open-app.mjs').Provider} provider @returns {Promise<WorkflowPage>} */
export async function openWorkflowPage(provider) {
  const executablePath = await findBrowser({ mayInstall: true });
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: '.cache/workflow-page',
    // models lie anywhere
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null, headers: HEADERS, fs: { strict: false } },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/workflow-page/index.html'] },
    worker: { format: 'es' },
    logLevel: 'error',
  });
  await server.listen();
  const gpu = provider === 'wasm' ? 'none' : 'any';
  const browser = await chromium.launch({ executablePath, args: chromiumArgs(gpu) });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  /** @template Result @param {Promise<Result>} asked */
  const plainly = (asked) =>
    asked.catch((error) => {
      throw new Error(plain(error));
    });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}tools/workflow-page/index.html`);
    await page.waitForFunction(() => 'runWorkflow' in window);
    return {
      addModel: async (path) => {
        const entry = await plainly(page.evaluate((files) => window.addModel(files), filesOf(path)));
        if (entry) return entry;
        throw new Error(`${path} is no model and no ControlNet: it is added to one.`);
      },
      run: async (workflow, given = {}) => {
        const asked = {
          asked: /** @type {import('../../src/index').Workflow} */ (workflow),
          on: provider,
          named: given,
        };
        const { images: made, ...rest } = await plainly(
          page.evaluate(({ asked, on, named }) => window.runWorkflow(asked, on, named), asked),
        );
        return { ...rest, pngs: made.map(toPng) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Addresses of a file, or of all below a folder, by their paths in it. @param {string} path */
function filesOf(path) {
  const address = (/** @type {string} */ file) => `/@fs${file.split('/').map(encodeURIComponent).join('/')}`;
  if (!statSync(path).isDirectory()) return { [basename(path)]: address(path) };
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map(({ name, parentPath }) => {
      const whole = join(parentPath, name);
      return [`${basename(path)}/${relative(path, whole)}`, address(whole)];
    }),
  );
}

/** Playwright adds where it was thrown. @param {unknown} error */
function plain(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .split('\n')[0]
    .replace(/^page\.evaluate: /, '')
    .replace(/^[a-z-]+: |^Error: /, '');
}

/** @param {import('../workflow-page/workflow-page').PaintedImage} image */
function toPng({ width, height, data }) {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data, 'base64');
  return PNG.sync.write(png);
}
