/** `node tools/adapter-cost.mjs`: what LoRAs and their kin cost the starter's U-Net on the CPU: to load it with them, and at each call. */
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { measureAdapterCost } = /** @type {typeof import('./adapter-cost/measure')} */ (
  await loadTypeScript('tools/adapter-cost/measure.ts')
);
for await (const line of measureAdapterCost()) console.log(line);
