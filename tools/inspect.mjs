/** `npm run -s inspect -- tokens "a photo"`: one question, one line of JSON, to compare with any other program. */
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
// Only now is the package surely there that turns the TypeScript of the questions into what Node runs.
const module = await loadTypeScript('tools/inspect/main.ts').catch(fail);

const { outcome } = /** @type {typeof import('./inspect/main')} */ (module);
if (outcome.output !== undefined) console.log(outcome.output);
if (outcome.problem !== undefined) console.error(outcome.problem);
process.exitCode = outcome.code;
