/** `node tools/half-precision.mjs`: the error of each operator in half precision on a GPU; tables of docs/decisions/half-precision.md. */
import { parseArgs } from 'node:util';
import { prepare } from './lib/prepare.mjs';

/** @typedef {import('./half-precision/half-precision-page').OperatorResult} OperatorResult  its page's functions with it */

const { values: options } = parseArgs({
  options: {
    subgroups: { type: 'boolean', default: true },
    only: { type: 'string' },
    operators: { type: 'boolean', default: true },
    networks: { type: 'boolean', default: false },
    picture: { type: 'string' },
    gpu: { type: 'string', default: 'swiftshader' },
  },
  allowNegative: true,
});

await prepare({ quiet: true });
const { chromium } = await import('@playwright/test');
const { createServer } = await import('vite');
const { chromiumArgs } = await import('./lib/chromium-args.mjs');
const { existingBrowsers } = await import('./lib/browser.mjs');

const server = await createServer({
  configFile: false,
  cacheDir: '.cache/half-precision',
  // a source that is edited meanwhile must not load the page again
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['tools/half-precision/index.html'] },
  logLevel: 'error',
});
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env.GESSO_CHROMIUM ?? existingBrowsers()[0],
  args: [...chromiumArgs(/** @type {'swiftshader'} */ (options.gpu)), '--disable-gpu-watchdog'],
});
const page = await browser.newPage();
page.on('console', (message) => process.env.DEBUG && console.error(message.text()));
if (!options.subgroups)
  await page.addInitScript(() => {
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = function (/** @type {GPUDeviceDescriptor} */ descriptor = {}) {
      const wanted = [...(descriptor.requiredFeatures ?? [])].filter((name) => !String(name).startsWith('subgroup'));
      return request.call(this, { ...descriptor, requiredFeatures: wanted });
    };
  });
await page.goto(`${server.resolvedUrls?.local[0] ?? ''}tools/half-precision/index.html`);
await page.waitForFunction(() => 'runOperator' in window);
const names = await page.evaluate(() => window.operatorNames);
const forms = /** @type {const} */ ([
  ['float32', undefined],
  ['float16', undefined],
  ['float16', 'nbits8'],
  ['float16', 'nbits4'],
]);
console.log(`| operator | ${forms.map(([type, packed]) => [type, packed].filter(Boolean).join(', ')).join(' | ')} |`);
for (const name of options.operators ? names : []) {
  if (options.only && !name.includes(options.only)) continue;
  /** @type {string[]} */
  const cells = [];
  for (const [activations, packed] of forms) {
    if (packed && !/linear|GEGLU/.test(name)) {
      cells.push('');
      continue;
    }
    const { error } = await page.evaluate(
      ([id, type, form]) => window.runOperator(id, type, form),
      /** @type {const} */ ([name, activations, packed]),
    );
    cells.push(typeof error === 'number' ? error.toExponential(1) : error);
  }
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
if (options.networks) {
  console.log('\n| network | float32 | float16 |');
  for (const name of await page.evaluate(() => window.networkNames)) {
    if (options.only && !name.includes(options.only)) continue;
    /** @type {string[]} */
    const cells = [];
    for (const activations of /** @type {const} */ (['float32', 'float16']))
      cells.push(
        await page
          .evaluate(([id, type]) => window.runNetwork(id, type), /** @type {const} */ ([name, activations]))
          .then(
            (error) => error.toExponential(1),
            (error) => String(error).slice(0, 200),
          ),
      );
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}
if (options.picture) {
  const { float32, float16 } = await page.evaluate((address) => window.decodePicture(address), options.picture);
  console.log(
    `\nA picture through the starter's decoder against the CPU: float32 ${float32.toFixed(1)} dB, float16 ${float16.toFixed(1)} dB`,
  );
}
await browser.close();
await server.close();
