/** Runs tools/adapter-cost/page in a Chromium whose WebGPU is lavapipe, and counts the CPU time of all its processes. */
import { chromium } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'vite';
import { chromiumArgs } from '../lib/chromium-args.mjs';
import { ROOT } from '../lib/paths.mjs';
import { lavapipeBrowser } from '../lavapipe/browser.mjs';

/** Of the kernel's clock. */
const TICK_MS = 10;

/** @param {import('./settings').FullSize} what @param {(line: string) => void} print @throws Error in one sentence */
export async function measureOnPage(what, print) {
  const made = await lavapipeBrowser();
  if ('problem' in made) throw new Error(made.problem);
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: '.cache/adapter-cost',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/adapter-cost/page/index.html'] },
    logLevel: 'error',
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: made.path, args: chromiumArgs('lavapipe') });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.exposeFunction('cpuMs', () => cpuMsBelow(process.pid));
    await page.exposeFunction('print', print);
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}tools/adapter-cost/page/index.html`);
    await page.waitForFunction(() => 'measureAdapters' in window);
    await page.evaluate((asked) => window.measureAdapters(asked), what);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Of all processes that this one has started, and they. @param {number} root */
function cpuMsBelow(root) {
  /** @type {Map<number, { parent: number, ms: number }>} */
  const all = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = statOf(pid);
    if (fields)
      all.set(Number(pid), { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS });
  }
  /** @param {number} pid @returns {boolean} */
  const isBelow = (pid) => {
    const parent = all.get(pid)?.parent;
    return parent !== undefined && (parent === root || isBelow(parent));
  };
  return [...all].reduce((sum, [pid, { ms }]) => (isBelow(pid) ? sum + ms : sum), 0);
}

/** From the state on. @param {string} pid */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined; // it has ended meanwhile
  }
}
