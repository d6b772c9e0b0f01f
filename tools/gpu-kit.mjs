/** `node tools/gpu-kit.mjs pack DIR`: the folder that measures a GPU on a machine without a network. */
import { fail, prepare } from './lib/prepare.mjs';

const HELP = `node tools/gpu-kit.mjs pack <folder> [--without-dawn]

Makes a folder that measures the GPU of another machine: copy it there and run \`node run.mjs\` (or ./run.sh) in it. It needs Node
20.19 or later, and either a Chromium, Chrome or Edge, or nothing more (Linux on x64: through Dawn for Node, which this command
fetches from npm unless --without-dawn). What it finds is written to gpu-check.json and gpu-check.md.`;

const [command, folder, ...rest] = process.argv.slice(2);
if (command !== 'pack' || !folder || rest.some((word) => word !== '--without-dawn')) {
  console.log(HELP);
  process.exit(command === '--help' ? 0 : 2);
}
await prepare();
const { packKit } = await import('./gpu-kit/pack-kit.mjs');
const { bytes, notes } = await packKit(folder, { withDawn: !rest.includes('--without-dawn') }).catch(fail);
for (const note of notes) console.log(note);
console.log(
  `${folder}: ${(bytes / 1e6).toFixed(1)} MB. Copy it to the machine with the GPU and run \`node run.mjs\` there.`,
);
