/** `node tools/first-visit.mjs`: what a first visit fetches, byte by byte, up to the first picture and until all is at rest. */
import { fail, prepare } from './lib/prepare.mjs';

const HELP = `node tools/first-visit.mjs [folder]

Serves the built app (or another build in a folder), uncompressed, to a fresh browser without a GPU, which paints "a red apple".
Prints every answer with its bytes, head included, and the sums: until the prompt box is there, until the picture is there, and until
nothing has come for five seconds (the service worker fetches the rest of what a visit without a network needs).`;

const [folder, ...rest] = process.argv.slice(2);
if (rest.length > 0 || folder?.startsWith('-')) {
  console.log(HELP);
  process.exit(folder === '--help' ? 0 : 2);
}
await prepare();
const { DIST } = await import('./lib/paths.mjs');
const { ensureBuilt } = await import('./lib/build.mjs');
if (!folder && !(await ensureBuilt())) process.exit(1);
const { measureFirstVisit } = await import('./first-visit/measure.mjs');
const { answers, sums } = await measureFirstVisit(folder ?? DIST).catch(fail);
for (const { path, status, bytes, during } of answers)
  console.log([String(bytes).padStart(10), status, during.padEnd(8), path].join('  '));
const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
for (const [until, { bytes, requests, compressed }] of Object.entries(sums))
  console.log(
    `${until.padEnd(8)} ${mb(bytes)} in ${requests} answers (${mb(compressed)} where the host compresses text)`,
  );
