/**
 * `npm run bench -- control-cost`: what ControlNets and adapters are beside a U-Net's step in their published sizes, computed: arithmetic, kernels.
 * `... sd15 512`, `... sdxl 1024` and so on: measured, random weights, ONNX Runtime's own CPU provider in Node; all in one run, in turns.
 * `--wasm`: as the app has it, one thread. `--batch`, `--rounds`, `--threads`, `--units ControlNet,T2I-Adapter`; `--short` leaves SDXL's transformers two blocks,
 * `--brief` calls the U-Net alone once.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'control-cost'),
  allowPositionals: true,
  options: {
    wasm: { type: 'boolean' },
    short: { type: 'boolean' },
    brief: { type: 'boolean' },
    batch: text,
    rounds: text,
    threads: text,
    units: text,
    ask: text,
  },
});
await prepare({ quiet: true });
const [family, side = '512'] = positionals;
if (values.ask !== undefined) {
  const { countKernelsOf } = /** @type {typeof import('./control-cost/count-kernels')} */ (
    await loadTypeScript('tools/control-cost/count-kernels.ts')
  );
  const ort = async () => /** @type {any} */ (await import('onnxruntime-web/webgpu'));
  process.send?.(await countKernelsOf(values.ask, ort));
  process.exit(0);
} else if (family === undefined) {
  const { computedCost } = /** @type {typeof import('./control-cost/compute')} */ (
    await loadTypeScript('tools/control-cost/compute.ts')
  );
  for (const line of computedCost()) console.log(line);
  await printKernels();
} else if (family === 'sd15' || family === 'sdxl') {
  const { measureControlCost, UNITS } = /** @type {typeof import('./control-cost/measure')} */ (
    await loadTypeScript('tools/control-cost/measure.ts')
  );
  const wanted = values.units?.split(',') ?? UNITS;
  /** @type {import('./control-cost/measure').CostQuestion} */
  const question = {
    family,
    ...(values.short && { changed: { transformer_layers_per_block: [1, 2, 2] } }),
    plan: family === 'sdxl' ? 'q4' : 'q8',
    side: Number(side),
    batch: /** @type {1 | 2} */ (Number(values.batch ?? 2)),
    rounds: Number(values.rounds ?? 3),
    isBrief: values.brief ?? false,
    units: UNITS.filter((name) => wanted.includes(name)),
  };
  for await (const line of measureControlCost(question, await runtime())) console.log(line);
} else fail(`There is no "${family}" here: sd15 or sdxl.`, 2);

async function runtime() {
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc');
  if (values.wasm) {
    const { createNodeRuntime } = /** @type {typeof import('../workers/testing/node-ports')} */ (
      await loadTypeScript('workers/testing/node-ports.ts')
    );
    return createNodeRuntime();
  }
  const { createNativeRuntime } = /** @type {typeof import('./lib/native-runtime')} */ (
    await loadTypeScript('tools/lib/native-runtime.ts')
  );
  return createNativeRuntime(Number(values.threads ?? 2));
}

async function printKernels() {
  const { KERNEL_CASES } = /** @type {typeof import('./control-cost/count-kernels')} */ (
    await loadTypeScript('tools/control-cost/count-kernels.ts')
  );
  console.log('\n| kernels of a call, float16, 512 pixels | SD 1.5 | SDXL |\n| --- | --- | --- |');
  for (const name of KERNEL_CASES) {
    const counts = [];
    for (const one of ['sd15', 'sdxl']) counts.push(await kernelsOf(`${one}/${name}`));
    console.log(`| ${name} | ${counts.join(' | ')} |`);
  }
}

/** A process each: one runtime takes one device. @param {string} what @returns {Promise<number | string>} */
function kernelsOf(what) {
  const execArgv = ['--liftoff-only', '--no-wasm-tier-up'];
  const child = fork(fileURLToPath(import.meta.url), ['--ask', what], { execArgv });
  return new Promise((resolve, reject) => {
    child.on('message', (count) => resolve(/** @type {number | string} */ (count)));
    child.on('exit', () => reject(new Error(`${what}: nothing was counted`)));
  });
}
