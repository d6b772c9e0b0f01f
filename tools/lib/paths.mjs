/** Where things are in the repository. */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const DIST = join(ROOT, 'dist');
/** Reports, stamps, browser logs of the tools; ignored by git. */
export const CACHE = join(ROOT, '.cache');
