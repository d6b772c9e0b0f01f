/** `npm run bench`: how long the starter's parts take in the built app, on each provider this machine has. */
import { parseArgs } from 'node:util';
import { fail, prepare } from './lib/prepare.mjs';
import { median } from './lib/statistics.mjs';

const HELP = `npm run bench -- [speed | judged | kernels | bytes | memory | control-cost | upscalers] [options]
  speed                 what Speed costs and keeps instead: see tools/speed.mjs
  judged                whether the picture is still what was asked for: see tools/judged.mjs
  kernels               how many kernels a call of a U-Net is: see tools/kernels.mjs
  bytes                 what storing weights in fewer bits costs: see tools/bytes.mjs
  memory                what graphs take of a GPU, computed and counted: see tools/memory.mjs
  control-cost          what ControlNets and adapters add to a step: see tools/control-cost.mjs
  upscalers             seconds a megapixel of each, beside a step of the U-Net: see tools/upscalers.mjs
  --runs <number>       measured pictures after one to warm up (default: 3; software WebGPU is slow)
  --steps <number>      denoising steps of each (default: as the model likes)
  --provider <name>     webgpu or wasm; without it both`;

/** Words after which another tool measures. */
const OTHERS = ['speed', 'judged', 'kernels', 'bytes', 'memory', 'control-cost', 'upscalers'];
if (OTHERS.includes(process.argv[2])) {
  await import(`./${process.argv[2]}.mjs`);
  process.exit();
}
const { runs, steps, providers } = readOptions();
await prepare();
const { openApp } = await import('./lib/open-app.mjs');
const { fillRecipe, generatePicture } = await import('./lib/drive-app.mjs');

/** @typedef {import('./lib/drive-app.mjs').Facts} Facts */
/** Milliseconds, medians. @typedef {{ provider: string, encode: number, step: number, denoise: number, decode: number, total: number }} Result */

const STAGES = /** @type {const} */ (['encode', 'denoise', 'decode']);

/** @type {Result[]} */
const results = [];
for (const provider of providers) {
  const result = await measure(provider);
  if (result) results.push(result);
}
compare();
if (results.length === 0) process.exitCode = 1;

/** @param {import('./lib/open-app.mjs').Provider} provider @returns {Promise<Result | undefined>} */
async function measure(provider) {
  const { page, close } = await openApp({ provider }).catch(fail);
  try {
    await fillRecipe(page, { prompt: 'a red apple', seed: 7, ...(steps === undefined ? {} : { steps }) });
    console.log(`\n${provider}: warming up ...`);
    const first = await generatePicture(page);
    /** @type {Facts[]} */
    const measured = [];
    for (let i = 0; i < runs; i++) {
      // Other words each time: the engine keeps the rows of text it has encoded.
      await fillRecipe(page, { prompt: `a red apple, ${i}`, negative: `a blue car, ${i}` });
      measured.push(await generatePicture(page));
    }
    await reportBreaths(page);
    return report(first, measured);
  } catch (error) {
    console.log(`${provider}: not measured. ${error instanceof Error ? error.message : error}`);
    return undefined;
  } finally {
    await close();
  }
}

/** @param {Facts} first @param {Facts[]} measured @returns {Result} */
function report(first, measured) {
  const ms = (/** @type {(facts: Facts) => number} */ seconds) => median(measured.map(seconds)) * 1000;
  const result = {
    provider: first.provider,
    encode: ms((facts) => facts.encodeSeconds),
    step: ms((facts) => facts.denoiseSeconds / facts.modelCalls),
    denoise: ms((facts) => facts.denoiseSeconds),
    decode: ms((facts) => facts.decodeSeconds),
    total: ms((facts) => facts.totalSeconds),
  };
  const share = (/** @type {number} */ part) => `${((100 * part) / result.total).toFixed(1).padStart(5)} %`;
  console.log(`${first.provider} (${first.adapter}), median of ${measured.length}:`);
  console.log(`  first picture  ${format(first.totalSeconds * 1000)}  shaders and buffers are made in it`);
  console.log(`  text encoding  ${format(result.encode)} ${share(result.encode)}  positive and negative prompt`);
  console.log(
    `  U-Net          ${format(result.denoise)} ${share(result.denoise)}  ${first.modelCalls} calls, ${format(result.step).trim()} each`,
  );
  console.log(`  VAE decoding   ${format(result.decode)} ${share(result.decode)}`);
  const rest = ms((facts) => facts.totalSeconds - facts.encodeSeconds - facts.denoiseSeconds - facts.decodeSeconds);
  console.log(`  all else       ${format(rest)} ${share(rest)}`);
  console.log(`  in all         ${format(result.total)}`);
  return result;
}

/** A picture of 8 steps lets the worker hear what it was told some 30 times (workers/breathe.ts): in a worker of its own, by timers and by messages. */
async function reportBreaths(/** @type {import('@playwright/test').Page} */ page) {
  const script = `
    const { port1, port2 } = new MessageChannel();
    const ways = {
      timer: () => new Promise((resolve) => setTimeout(resolve)),
      message: () => new Promise((resolve) => { port1.onmessage = resolve; port2.postMessage(0); }),
    };
    (async () => {
      const took = {};
      for (const [name, breathe] of Object.entries(ways)) {
        const begun = performance.now();
        for (let i = 0; i < 100; i++) await breathe();
        took[name] = (performance.now() - begun) / 100;
      }
      postMessage(took);
    })();`;
  const took = await page.evaluate(
    (text) =>
      new Promise((/** @type {(took: { timer: number, message: number }) => void} */ resolve) => {
        const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
        worker.onmessage = ({ data }) => resolve(data);
      }),
    script,
  );
  console.log(`a pause to hear the page: ${took.message.toFixed(2)} ms, by timers ${took.timer.toFixed(2)} ms`);
}

/** How the providers compare, from the same run on the same machine. */
function compare() {
  const [a, b] = results;
  if (!a || !b) return;
  console.log(`\n${a.provider} takes, of what ${b.provider} takes:`);
  for (const stage of STAGES) console.log(`  ${stage.padEnd(8)} ${(a[stage] / b[stage]).toFixed(2)} times`);
}

function format(/** @type {number} */ ms) {
  return `${ms >= 100 ? ms.toFixed(0) : ms.toFixed(1)} ms`.padStart(10);
}

/** @returns {{ runs: number, steps?: number, providers: ('webgpu' | 'wasm')[] }} */
function readOptions() {
  try {
    const text = { type: /** @type {const} */ ('string') };
    const { values } = parseArgs({
      options: { runs: text, steps: text, provider: text, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const { provider } = values;
    if (provider !== undefined && provider !== 'webgpu' && provider !== 'wasm')
      throw new Error(`--provider must be webgpu or wasm, not "${provider}".`);
    return {
      runs: readCount('runs', values.runs) ?? 3,
      steps: readCount('steps', values.steps),
      providers: provider ? [provider] : ['webgpu', 'wasm'],
    };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`, 2);
  }
}

/** @param {string} name @param {string | undefined} text */
function readCount(name, text) {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number from 1, not "${text}".`);
  return count;
}
