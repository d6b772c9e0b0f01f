/**
 * `npm run bench -- kernels`: how many kernels a call of a U-Net is, by name: in Chromium on lavapipe at two narrow widths (the count does not
 * depend on them), and at the published width on a GPU that computes nothing. With `--calls <n>` also how long telling lavapipe so many calls takes.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';
import { median } from './lib/statistics.mjs';

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
    calls: { type: 'string', default: '0' },
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
          await compare(page, question);
          await time(page, question);
        }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page @param {KernelQuestion} question */
async function compare(page, question) {
  const { adapter, counts } = await page.evaluate((asked) => window.countKernels(asked), question);
  const full = columns.get(`${question.family}, ${question.activations}`) ?? [];
  const same = JSON.stringify(sorted(counts)) === JSON.stringify(sorted(full));
  const verdict = same ? 'each as often as at the published width' : `otherwise: ${JSON.stringify(sorted(counts))}`;
  console.log(`${adapter}: ${nameOf(question)}: ${sum(counts)} kernels, ${verdict}`);
}

/** What telling the GPU a call takes of the CPU: of widths this narrow it is the same as of the published ones. @param {Page} page @param {KernelQuestion} question */
async function time(page, question) {
  const calls = Number(values.calls);
  if (calls === 0) return;
  await page.evaluate((asked) => window.prepareCalls(asked), question);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const threadSeconds = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ThreadTime')?.value ?? 0;
  const before = await threadSeconds();
  const times = await page.evaluate((count) => window.timeCalls(count), calls);
  const cpu = ((await threadSeconds()) - before) / calls;
  await session.detach();
  const ms = `${median(times).toFixed(1)} ms in the median until all was sent, ${Math.min(...times).toFixed(1)} at least`;
  console.log(`${nameOf(question)}: ${ms}; ${(1000 * cpu).toFixed(1)} ms of the thread's CPU a call`);
}

/** @param {KernelQuestion} question */
function nameOf({ family, activations, channels }) {
  return `${family}, ${activations}, ${channels} channels`;
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
