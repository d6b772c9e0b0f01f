/** `npm run bench -- memory [CASE]`: the memory that graphs are computed to take, beside what ONNX Runtime asks of a GPU for them. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { COUNT_CASES, countCase } = /** @type {typeof import('./memory/count')} */ (
  await loadTypeScript('tools/memory/count.ts')
);
const [name] = process.argv.slice(2).filter((word) => word !== 'memory');
if (name === undefined) {
  console.log('| graph | weights | counted | alive at once | computed | counted | made in the second run | left |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  // a process each: one runtime takes one device; compiling the runtime well would take a minute each, and save a second
  const execArgv = ['--liftoff-only', '--no-wasm-tier-up'];
  for (const one of Object.keys(COUNT_CASES))
    await new Promise((resolve) => fork(fileURLToPath(import.meta.url), [one], { execArgv }).on('exit', resolve));
} else {
  console.log(await countCase(name, async () => /** @type {any} */ (await import('onnxruntime-web/webgpu'))));
  process.exit(0);
}
