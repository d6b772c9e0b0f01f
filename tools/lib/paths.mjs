/** Where things are in the repository. */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const DIST = join(ROOT, 'dist');
/** The starter in half precision, in the hub's layout, and the pack that is made of it. */
export const STARTER_MODEL = join(ROOT, 'tools', 'starter', 'model');
export const STARTER_PACK = join(ROOT, 'public', 'models', 'starter');
/** Reports, stamps, browser logs of the tools; ignored by git. */
export const CACHE = join(ROOT, '.cache');
