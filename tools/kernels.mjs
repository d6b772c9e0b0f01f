/**
 * `npm run bench -- kernels`: how many kernels a call of a U-Net is, by name: in Chromium on lavapipe at two narrow widths (the count does not
 * depend on them), and at the published width on a GPU that computes nothing.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';

/** @typedef {import('./kernels/kernel-cases').KernelQuestion} KernelQuestion */
/** @typedef {[string, number][]} Counts */

const FAMILIES = /** @type {const} */ (['sd15', 'sdxl']);
const TYPES = /** @type {const} */ (['float32', 'float16']);
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'kernels'),
  options: {
    lavapipe: { type: 'boolean', default: true },
    types: { type: 'string', default: 'float16' },
    widths: { type: 'string', default: '32,64' },
    ask: { type: 'string' },
  },
  allowNegative: true,
});

await prepare({ quiet: true });
if (values.ask !== undefined) {
  const { loadTypeScript } = await import('./lib/load-typescript.mjs');
  const { countFullSize } = /** @type {typeof import('./kernels/count-full-size')} */ (
    await loadTypeScript('tools/kernels/count-full-size.ts')
  );
  const ort = async () => /** @type {any} */ (await import('onnxruntime-web/webgpu'));
  process.send?.(await countFullSize(JSON.parse(values.ask), ort));
  process.exit(0);
}

/** @type {Map<string, Counts>} */
const columns = new Map();
for (const family of FAMILIES)
  for (const activations of TYPES) {
    const counts = await onNoGpu({ family, activations, channels: 320, side: family === 'sdxl' ? 128 : 64 });
    columns.set(`${family}, ${activations}`, counts);
  }
printTable(columns);
if (values.lavapipe) await onLavapipe();

/** A process each: one runtime takes one device. @param {KernelQuestion} question @returns {Promise<Counts>} */
function onNoGpu(question) {
  const execArgv = ['--liftoff-only', '--no-wasm-tier-up'];
  const child = fork(fileURLToPath(import.meta.url), ['--ask', JSON.stringify(question)], { execArgv });
  return new Promise((resolve, reject) => {
    child.on('message', (counts) => resolve(/** @type {Counts} */ (counts)));
    child.on('exit', () => reject(new Error('nothing was counted')));
  });
}

async function onLavapipe() {
  const { lavapipeBrowser } = await import('./lavapipe/browser.mjs');
  const found = await lavapipeBrowser();
  if ('problem' in found) return fail(`Not counted on lavapipe. ${found.problem}`);
  const { createServer } = await import('vite');
  const { chromium } = await import('@playwright/test');
  const { chromiumArgs } = await import('./lib/chromium-args.mjs');
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: '.cache/kernels',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/kernels/index.html'] },
    logLevel: 'error',
  });
  await server.listen();
  const browser = await chromium.launch({ args: chromiumArgs('lavapipe'), executablePath: found.path });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}tools/kernels/index.html`);
    await page.waitForFunction(() => 'countKernels' in window);
    for (const family of FAMILIES)
      for (const activations of /** @type {KernelQuestion['activations'][]} */ (values.types.split(',')))
        for (const channels of values.widths.split(',').map(Number)) {
          // maps with attention of 64 tokens at least: below, the runtime takes other kernels
          const question = { family, activations, channels, side: family === 'sdxl' ? 32 : 64 };
          const { adapter, counts } = await page.evaluate((asked) => window.countKernels(asked), question);
          const same =
            JSON.stringify(sorted(counts)) === JSON.stringify(sorted(columns.get(`${family}, ${activations}`) ?? []));
          const verdict = same
            ? 'each as often as at the published width'
            : `otherwise: ${JSON.stringify(sorted(counts))}`;
          console.log(
            `${adapter}: ${family}, ${activations}, ${channels} channels: ${sum(counts)} kernels, ${verdict}`,
          );
        }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @param {Map<string, Counts>} all */
function printTable(all) {
  const names = [...new Set([...all.values()].flatMap((counts) => sorted(counts).map(([name]) => name)))];
  console.log(`| kernel | ${[...all.keys()].join(' | ')} |`);
  console.log(`| --- | ${[...all].map(() => '---').join(' | ')} |`);
  const row = (/** @type {string} */ name, /** @type {(counts: Counts) => number} */ of) =>
    console.log(`| ${name} | ${[...all.values()].map(of).join(' | ')} |`);
  for (const name of names) row(name, (counts) => new Map(counts).get(name) ?? 0);
  row('**in all**', sum);
}

/** @param {Counts} counts */
function sorted(counts) {
  return counts.toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

/** @param {Counts} counts */
function sum(counts) {
  return counts.reduce((total, [, count]) => total + count, 0);
}
