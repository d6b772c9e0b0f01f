/** `node tools/felt.mjs [folder ...]`: how long the page keeps a person waiting while it opens, paints and scrolls. */
import { fail, prepare } from './lib/prepare.mjs';
import { median } from './lib/statistics.mjs';

const HELP = `node tools/felt.mjs [--rounds <n>] [folder ...]

Opens the built app, and other builds in the folders given, in headless Chromium without a GPU: in turn, so that a busy machine is
unfair to none. For each of them it prints
  opening    the longest task of the page from its address to "Ready" (milliseconds), and how many took over 50
  painted    when something was seen first
  shift      how far things jumped meanwhile (cumulative layout shift)
  typing     from key to frame while pictures are painted: median, 95th percentile, worst
  mask, sketch   strokes on a canvas of 2048 × 2048 pixels: the page's work a frame (median, 95th percentile), and of a hundred
             frames how many came after more than 16.7 ms
  graph      a workflow of 203 nodes, from when it is dropped until its boxes are seen
  gallery    from frame to frame while a thousand pictures are scrolled, 60 px each: median, 95th percentile, worst
Of several rounds (3 unless said) it takes the median of each figure.`;

const { parseArgs } = await import('node:util');
const { rounds, folders } = readOptions();
await prepare();
const { DIST } = await import('./lib/paths.mjs');
const { ensureBuilt } = await import('./lib/build.mjs');
if (!(await ensureBuilt())) process.exit(1);
const { measureFelt } = await import('./felt/measure.mjs');

/** @type {Map<string, import('./felt/measure.mjs').Felt[]>} */
const measured = new Map([...folders, DIST].map((folder) => [folder, []]));
for (let round = 0; round < rounds; round++)
  for (const [folder, all] of measured) all.push(await measureFelt(folder).catch(fail));

for (const [folder, all] of measured) {
  console.log(`\n${folder}`);
  for (const key of /** @type {(keyof import('./felt/measure.mjs').Felt)[]} */ (Object.keys(all[0] ?? {})))
    console.log(
      `  ${key.padEnd(22)} ${median(all.map((one) => one[key]))}  (${all.map((one) => one[key]).join(', ')})`,
    );
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      options: { rounds: { type: 'string', default: '3' }, help: { type: 'boolean' } },
      allowPositionals: true,
    });
    const count = Number(values.rounds);
    if (values.help || !Number.isInteger(count) || count < 1) throw new Error(HELP);
    return { rounds: count, folders: positionals };
  } catch (error) {
    return fail(error, 2);
  }
}
