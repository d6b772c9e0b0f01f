/** `node tools/lavapipe.mjs`: prints the path of a Chromium whose WebGPU is lavapipe, made where it is not there yet. */
import { fail, prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { lavapipeBrowser } = await import('./lavapipe/browser.mjs');

// The answer alone goes to stdout.
console.log = console.error;
const made = await lavapipeBrowser({ mayInstall: true });
if ('problem' in made) fail(`There is no Chromium with lavapipe. ${made.problem}`);
process.stdout.write(`${made.path}\n`);
