/**
 * `node tools/adapter-cost.mjs`: what LoRAs and their kin cost the starter's U-Net on the CPU: to load it with them, and at each call.
 * `node tools/adapter-cost.mjs sd15` or `sdxl`: LoRAs on a U-Net as it is published, of random weights; minutes.
 */
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { measureAdapterCost } = /** @type {typeof import('./adapter-cost/measure')} */ (
  await loadTypeScript('tools/adapter-cost/measure.ts')
);
const FULL_SIZE = /** @type {const} */ ({
  sd15: { family: 'sd15', plan: 'q8', side: 128, settings: [[], [16], [128], [128, 128, 128], []] },
  // rank 128 has no room beside it in the CPU's heap
  sdxl: { family: 'sdxl', plan: 'q4', side: 128, settings: [[], [16], []] },
});

const [which] = process.argv.slice(2);
if (which === 'sd15' || which === 'sdxl') {
  const { measureFullSize } = /** @type {typeof import('./adapter-cost/full-size')} */ (
    await loadTypeScript('tools/adapter-cost/full-size.ts')
  );
  for await (const line of measureFullSize(FULL_SIZE[which])) console.log(line);
} else for await (const line of measureAdapterCost()) console.log(line);
