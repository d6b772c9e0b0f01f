/**
 * `npm run bench -- memory [CASE]`: the memory that graphs are computed to take, beside what ONNX Runtime asks of a GPU for them; and what a whole
 * picture takes, by how its model is loaded.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { COUNT_CASES, countCase } = /** @type {typeof import('./memory/count')} */ (
  await loadTypeScript('tools/memory/count.ts')
);
const { PICTURE_CASES, countPicture } = /** @type {typeof import('./memory/count-picture')} */ (
  await loadTypeScript('tools/memory/count-picture.ts')
);
const TABLES = [
  {
    cases: Object.keys(COUNT_CASES),
    head: '| graph | weights | counted | alive at once | computed | counted | made in the second run | left |',
  },
  {
    cases: Object.keys(PICTURE_CASES),
    head: '| SD 1.5, 512 × 512 | text encoder loaded, run | U-Net loaded, run | decoder loaded, run | most while running | most of all | left |',
  },
];
const importOrt = async () => /** @type {any} */ (await import('onnxruntime-web/webgpu'));
const [name] = process.argv.slice(2).filter((word) => word !== 'memory');
if (name === undefined) {
  // a process each: one runtime takes one device; compiling the runtime well would take a minute each, and save a second
  const execArgv = ['--liftoff-only', '--no-wasm-tier-up'];
  for (const { cases, head } of TABLES) {
    console.log(`\n${head}\n${head.replace(/[^|]+/g, ' --- ')}`);
    for (const one of cases)
      await new Promise((resolve) => fork(fileURLToPath(import.meta.url), [one], { execArgv }).on('exit', resolve));
  }
} else {
  console.log(await (name in COUNT_CASES ? countCase : countPicture)(name, importOrt));
  process.exit(0);
}
