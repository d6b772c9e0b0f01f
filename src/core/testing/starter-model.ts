/** Where the built-in model lies as a checkpoint, in half precision and the hub's layout. */
import { fileURLToPath } from 'node:url';

export const STARTER_MODEL = fileURLToPath(new URL('../../../tools/starter/model', import.meta.url));
