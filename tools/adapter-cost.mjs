/**
 * `node tools/adapter-cost.mjs`: what LoRAs and their kin cost the starter's U-Net on the CPU: to load it with them, and at each call.
 * `node tools/adapter-cost.mjs sd15`, `sdxl`: LoRAs on a U-Net as it is published, of random weights; minutes. `sdxl-short`: SDXL's with at most
 * two blocks a transformer, which leave room for rank 128. `... lavapipe`: SD 1.5's with one layer a level, on WebGPU in software; half an hour.
 */
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const RANKS = [[], [16], [128], [128, 128, 128], []];
const FULL_SIZE = /** @type {Record<string, import('./adapter-cost/settings').FullSize>} */ ({
  sd15: { family: 'sd15', plan: 'q8', side: 128, batch: 2, settings: RANKS },
  // rank 128 has no room beside it in the CPU's heap
  sdxl: { family: 'sdxl', plan: 'q4', side: 128, batch: 2, settings: [[], [16], []] },
  'sdxl-short': {
    ...{ family: 'sdxl', plan: 'q8', side: 128, batch: 2, settings: RANKS },
    changed: { transformer_layers_per_block: [1, 2, 2] },
  },
  lavapipe: {
    ...{ family: 'sd15', plan: 'q8', side: 64, batch: 1, settings: RANKS },
    changed: { layers_per_block: 1 },
  },
});

const [which] = process.argv.slice(2);
const what = FULL_SIZE[which];
if (what && which === 'lavapipe') {
  const { runOnLavapipe } = await import('./lib/lavapipe-page.mjs');
  const page = { folder: 'tools/adapter-cost/page', name: 'measureAdapters', asked: what };
  await runOnLavapipe({ ...page, print: (line) => console.log(line) }).catch(fail);
} else if (what) {
  const { measureFullSize } = /** @type {typeof import('./adapter-cost/full-size')} */ (
    await loadTypeScript('tools/adapter-cost/full-size.ts')
  );
  for await (const line of measureFullSize(what)) console.log(line);
} else {
  const { measureAdapterCost } = /** @type {typeof import('./adapter-cost/measure')} */ (
    await loadTypeScript('tools/adapter-cost/measure.ts')
  );
  for await (const line of measureAdapterCost()) console.log(line);
}
