/** `node tools/tiles.mjs [PNG]`: how far a picture developed in tiles is from the whole; without one, docs/starter/grid.png. */
import { join } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { ROOT } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { measureTiles } = /** @type {typeof import('./tiles/measure')} */ (
  await loadTypeScript('tools/tiles/measure.ts')
);
for await (const line of measureTiles(process.argv[2] ?? join(ROOT, 'docs/starter/grid.png'))) console.log(line);
process.exit(0);
