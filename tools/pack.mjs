/** `npm run pack -- model.safetensors --dtype q8 --out dir`: a checkpoint becomes a pack that any web server can offer. */
import { resolve } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

/** npm runs us in the repository's root; paths are meant from where the person is. */
const HERE = process.env.INIT_CWD ?? process.cwd();

await prepare({ quiet: true });
const { runPack } = /** @type {typeof import('./pack/run-pack')} */ (await loadTypeScript('tools/pack/run-pack.ts'));
process.exitCode = await runPack(process.argv.slice(2), {
  resolve: (path) => resolve(HERE, path),
  isTerminal: process.stderr.isTTY,
  print: console.log,
  report: (line) => process.stderr.write(line),
}).catch(fail);
