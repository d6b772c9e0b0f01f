/**
 * `node tools/sizes.mjs`: what a change of size costs with one session for all sizes and with one for each, and what attention
 * takes, in Chromium, on graphs of random weights.
 */
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { existingBrowsers } from './lib/browser.mjs';
import { chromiumArgs } from './lib/chromium-args.mjs';
import { ROOT } from './lib/paths.mjs';

const HELP = `node tools/sizes.mjs [options]      GESSO_CHROMIUM chooses the browser
  --provider <name>     webgpu (default) or wasm
  --activations <type>  float32 (default) or float16
  --channels <number>   of the U-Net's first level (default: 32; SD 1.5 has 320)
  --sizes <list>        cells, height x width (default: 8x8,16x24,33x47,8x8)
  --attention <list>    instead: tokens:heads:size of a head:parts (0 parts: MultiHeadAttention), as 1024:8:40:0,1024:1:64:16
  --no-subgroups        a device without them`;

const { values } = parseArgs({
  options: {
    provider: { type: 'string', default: 'webgpu' },
    activations: { type: 'string', default: 'float32' },
    channels: { type: 'string', default: '32' },
    sizes: { type: 'string', default: '8x8,16x24,33x47,8x8' },
    attention: { type: 'string' },
    'no-subgroups': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const activations = /** @type {'float32' | 'float16'} */ (values.activations);
const server = await createServer({
  configFile: false,
  root: ROOT,
  cacheDir: '.cache/sizes',
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/sizes/index.html'] },
  logLevel: 'error',
});
await server.listen();
const executablePath = process.env.GESSO_CHROMIUM ?? existingBrowsers()[0];
const args = [...chromiumArgs('swiftshader'), '--disable-gpu-watchdog'];
const browser = await chromium.launch({ args, ...(executablePath ? { executablePath } : {}) });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  if (values['no-subgroups']) await page.addInitScript(withoutSubgroups);
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}tools/sizes/index.html`);
  await page.waitForFunction(() => 'measureSizes' in window);
  await (values.attention === undefined ? sizes(page) : attention(page, values.attention));
} finally {
  await browser.close();
  await server.close();
}

function withoutSubgroups() {
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = function (/** @type {GPUDeviceDescriptor | undefined} */ descriptor) {
    const wanted = [...(descriptor?.requiredFeatures ?? [])].filter((name) => !name.startsWith('subgroup'));
    return request.call(this, { ...descriptor, requiredFeatures: wanted });
  };
}

/** @param {import('@playwright/test').Page} page */
async function sizes(page) {
  const question = {
    provider: /** @type {'webgpu' | 'wasm'} */ (values.provider),
    activations,
    channels: Number(values.channels),
    sizes: values.sizes.split(',').map((size) => {
      const [height, width] = size.split('x').map(Number);
      return { height, width };
    }),
  };
  const { adapter, answers } = await page.evaluate((asked) => window.measureSizes(asked), question);
  console.log(`${question.provider}, ${adapter}, ${activations}, ${question.channels} channels\n`);
  console.log(
    '| cells | change of size, one session | change, a session each | a call, one session | a call, a session each | apart | peak MiB, one and each |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const { height, width, one, own, difference } of answers)
    console.log(
      `| ${height}x${width} | ${ms(one.firstMs)} | ${ms(own.createMs + own.firstMs)} | ${ms(one.ms)} | ${ms(own.ms)} | ${difference.toExponential(1)} | ${peak(one)}, ${peak(own)} |`,
    );
}

/** @param {import('@playwright/test').Page} page @param {string} list */
async function attention(page, list) {
  console.log('| tokens | heads | of | parts | ms | scores of all, MiB | peak MiB | largest buffer MiB |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const item of list.split(',')) {
    const [tokens, heads, headSize, chunks] = item.split(':').map(Number);
    const question = { activations, batch: 1, tokens, heads, headSize, chunks };
    const { ms: time, memory, scoreBytes } = await page.evaluate((asked) => window.measureAttention(asked), question);
    console.log(
      `| ${tokens} | ${heads} | ${headSize} | ${chunks} | ${ms(time)} | ${mib(scoreBytes)} | ${mib(memory?.peak)} | ${mib(memory?.largest)} |`,
    );
  }
}

/** @param {import('./sizes/sizes-page').Times} times */
function peak({ memory }) {
  return values.provider === 'wasm' ? '–' : mib(memory?.peak);
}

/** @param {number} time */
function ms(time) {
  return `${Math.round(time)} ms`;
}

/** @param {number | undefined} bytes */
function mib(bytes) {
  return bytes === undefined ? '–' : (bytes / 2 ** 20).toFixed(1);
}
