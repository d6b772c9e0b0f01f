/** Answers what this process was asked. Loaded by inspect.mjs, whose TypeScript runner is gone once this has loaded. */
import { inspect } from './inspect';

export const outcome = await inspect(process.argv.slice(2));
