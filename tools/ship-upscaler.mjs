/** `node tools/ship-upscaler.mjs FILE`: the upscaler's published weights go into the app as a pack. */
import { resolve } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { shipUpscaler } = /** @type {typeof import('./pack/ship-upscaler')} */ (
  await loadTypeScript('tools/pack/ship-upscaler.ts')
);
const [file] = process.argv.slice(2);
if (file === undefined) fail('Say which file: realesr-animevideov3-x4.safetensors.');
console.log(await shipUpscaler(resolve(file)));
