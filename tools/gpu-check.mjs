/** `npm run gpu-check`: measures this machine's GPU with the kit that `tools/gpu-kit.mjs` packs; its options are those of run.mjs. */
import { join } from 'node:path';
import { CACHE } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare();
const { packKit } = await import('./gpu-kit/pack-kit.mjs');
const { run } = await import('./lib/run.mjs');
const folder = join(CACHE, 'gpu-kit');
console.log('Packing the kit ...');
const { notes } = await packKit(folder, { withDawn: true }).catch(fail);
for (const note of notes) console.log(note);
const { code } = await run(process.execPath, [join(folder, 'run.mjs'), ...process.argv.slice(2)]);
process.exitCode = code;
