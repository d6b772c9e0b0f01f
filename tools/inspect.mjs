/** `npm run -s inspect -- tokens "a photo"`: one question, one line of JSON, to compare with any other program. */
import { join } from 'node:path';
import { ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
// Only now is the package surely there. It turns the TypeScript of the questions into what Node runs.
const { normalizePath, runnerImport } = await import('vite');
const { module } = await runnerImport(normalizePath(join(ROOT, 'tools/inspect/main.ts')), {
  root: ROOT,
  configFile: false,
  logLevel: 'silent',
}).catch(fail);

const { outcome } = /** @type {typeof import('./inspect/main')} */ (module);
if (outcome.output !== undefined) console.log(outcome.output);
if (outcome.problem !== undefined) console.error(outcome.problem);
process.exitCode = outcome.code;
