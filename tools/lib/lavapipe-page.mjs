/** Runs a page of tools/ in a Chromium whose WebGPU is lavapipe; it may print lines, and ask for the CPU time of all its processes. */
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { chromiumArgs } from './chromium-args.mjs';
import { cpuMsBelow } from './cpu-time.mjs';
import { ROOT } from './paths.mjs';
import { lavapipeBrowser } from '../lavapipe/browser.mjs';

/**
 * @template Asked
 * @param {{ folder: string, name: string, asked: Asked, print: (line: string) => void }} what  `name` is a function of that page's window
 * @throws Error in one sentence
 */
export async function runOnLavapipe({ folder, name, asked, print }) {
  const made = await lavapipeBrowser();
  if ('problem' in made) throw new Error(made.problem);
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: `.cache/${folder.replace('tools/', '').replaceAll('/', '-')}`,
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: [`${folder}/index.html`] },
    logLevel: 'error',
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: made.path, args: chromiumArgs('lavapipe') });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.exposeFunction('cpuMs', () => cpuMsBelow());
    await page.exposeFunction('print', print);
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}${folder}/index.html`);
    await page.waitForFunction((key) => key in window, name);
    await page.evaluate(
      ([key, question]) => /** @type {any} */ (window)[key](question),
      /** @type {const} */ ([name, asked]),
    );
  } finally {
    await browser.close();
    await server.close();
  }
}
