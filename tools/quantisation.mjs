/** `node tools/quantisation.mjs`: what rounding weights does to the starter's numbers, group by group; a table of docs/benchmarks.md. */
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { measureQuantisation } = /** @type {typeof import('./quantisation/measure')} */ (
  await loadTypeScript('tools/quantisation/measure.ts')
);
for await (const line of measureQuantisation()) console.log(line);
