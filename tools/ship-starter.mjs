/** `node tools/ship-starter.mjs [FOLDER]`: a finished starter model (tools/starter) goes into the repository, and its pack into the app. */
import { resolve } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { shipStarter, takeModel } = /** @type {typeof import('./pack/ship-starter')} */ (
  await loadTypeScript('tools/pack/ship-starter.ts')
);
const [folder] = process.argv.slice(2);
if (folder !== undefined) takeModel(resolve(folder));
console.log(await shipStarter());
