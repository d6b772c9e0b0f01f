/** `node tools/ship-add-ons.mjs [FOLDER]`: the starter's LoRA and embedding go into the app, and are listed there. */
import { resolve } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { shipAddOns } = /** @type {typeof import('./pack/ship-add-ons')} */ (
  await loadTypeScript('tools/pack/ship-add-ons.ts')
);
const [folder] = process.argv.slice(2);
console.log(await shipAddOns(folder === undefined ? undefined : resolve(folder)));
