/** `node tools/ship-control.mjs FOLDER`: the starter's ControlNet, a folder of diffusers, goes into the app as a pack. */
import { resolve } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { shipControl } = /** @type {typeof import('./pack/ship-control')} */ (
  await loadTypeScript('tools/pack/ship-control.ts')
);
const [folder] = process.argv.slice(2);
if (folder === undefined) fail('Say which folder: the export of tools/starter/train_control.py.');
console.log(await shipControl(resolve(folder)));
