/** `node tools/graph-templates.mjs`: writes the graphs that come with the app, and the small drawings that they begin with. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { ROOT } from './lib/paths.mjs';

const folder = join(ROOT, 'src/app/state/graph/templates');
mkdirSync(join(folder, 'pictures'), { recursive: true });
const module = await loadTypeScript('tools/graph-templates/templates.ts');
const { writeAll } = /** @type {typeof import('./graph-templates/templates')} */ (module);
writeAll(folder);
