/** `node tools/fullsize.mjs`: what a full-size model costs to import, load and run; figures of docs/benchmarks.md. */
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { runFullSize } = /** @type {typeof import('./fullsize/measure')} */ (
  await loadTypeScript('tools/fullsize/measure.ts')
);
console.log(await runFullSize(process.argv.slice(2)).catch(fail));
