/**
 * `npm run bench -- judged FOLDER [--steps 20,30,50] [--only colour,background] [--ways 'exact;faster'] [--packs]`: whether the picture is still what was asked for
 * with fewer calls, or with `--packs` with weights in fewer bits. Paints the starter's subjects, colours and backgrounds at every Speed, all of its calls made in other runs, for
 * `python tools/starter/judge_speed.py FOLDER` to judge. What is there stays.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CACHE, ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';

/** @typedef {import('./judged/paint').Asked} Asked */
/** @typedef {import('./judged/paint').Painted} Painted */
/** What is compared, by name. @type {Record<string, Partial<Asked>>} */
const WAYS = {
  exact: {},
  fast: { speed: 'fast' },
  faster: { speed: 'faster2' },
  'faster, first version': { speed: 'faster' },
  'all of 6 steps': { steps: 6 },
  'no guidance below 0.28': { ngms: 0.28, ngmsAllSteps: true },
  'no guidance in the first 10 %': { skipEarlyCfg: 0.1 },
};
/** Beside Speed, at these steps alone: as many calls as Faster makes of them, and guidance in a part of them. */
const OTHERS_STEPS = 20;

/** As tools/starter/measures.py has them. */
const SEEDS = { subject: [7, 8], colour: [3], background: [5] };
const HUES = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink'];
const COLOURED = ['heart', 'car', 'apple', 'star', 'balloon', 'fish', 'umbrella', 'gift'];
const BACKGROUNDS = [
  ...['black', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'grey'],
  ...['light blue', 'light green', 'brown'],
];
const PLACED = ['apple', 'cat', 'heart', 'star'];

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'judged'),
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '20,30,50' },
    only: { type: 'string' },
    ways: { type: 'string' },
    packs: { type: 'boolean' },
  },
});
const [folder] = positionals;
if (folder === undefined) fail('Where to? npm run bench -- judged FOLDER', 2);
mkdirSync(folder, { recursive: true });

await prepare({ quiet: true });
const { loadTypeScript } = await import('./lib/load-typescript.mjs');
/** Anew for each pack. */
const loadPaint = async () =>
  /** @type {typeof import('./judged/paint')} */ (await loadTypeScript('tools/judged/paint.ts')).paint;

const wanted = asked().filter(({ kind }) => values.only === undefined || values.only.split(',').includes(kind));
writeFileSync(join(folder, 'asked.json'), JSON.stringify(wanted));
if (values.packs) await paintPacks();
else await paintSpeeds();
console.log(`Now: python tools/starter/judge_speed.py ${folder}`);

/** @param {string} name */
function isUnwanted(name) {
  return values.ways !== undefined && !values.ways.split(';').includes(name);
}

async function paintSpeeds() {
  const paint = await loadPaint();
  for (const steps of values.steps.split(',').map(Number))
    for (const [name, way] of Object.entries(WAYS)) {
      const isOfSpeed = Object.keys(way).every((setting) => setting === 'speed');
      if (isOfSpeed || steps === OTHERS_STEPS) await paintAll(name, steps, (one) => paint({ ...one, steps, ...way }));
    }
}

/** The packs of `npm run bench -- bytes`; that of float16 is what the others are held against. */
async function paintPacks() {
  const { BYTES_CASES, packStarter } = /** @type {typeof import('./quantisation/bytes')} */ (
    await loadTypeScript('tools/quantisation/bytes.ts')
  );
  for (const one of BYTES_CASES) {
    const name = one.name === 'float16' ? 'exact' : one.name;
    if (isUnwanted(name)) continue;
    const pack = join(CACHE, 'judged', one.name.replaceAll(/[^a-z0-9]+/g, '-'));
    if (!existsSync(pack)) await packStarter(one, pack);
    process.env['GESSO_JUDGED_PACK'] = pack;
    const paint = await loadPaint();
    for (const steps of values.steps.split(',').map(Number))
      await paintAll(name, steps, (one) => paint({ ...one, steps }));
  }
}

/** @param {string} name @param {number} steps @param {(one: { prompt: string, seed: number }) => Promise<Painted>} paint */
async function paintAll(name, steps, paint) {
  const file = join(folder, `${steps} ${name}.rgb`);
  if (existsSync(file) || isUnwanted(name)) return;
  const made = [];
  for (const { prompt, seed } of wanted) made.push(await paint({ prompt, seed }));
  const [{ side, calls, forecast }] = made;
  const seconds = made.map(({ denoiseSeconds }) => denoiseSeconds).toSorted((a, b) => a - b)[made.length >> 1];
  writeFileSync(`${file}.json`, JSON.stringify({ steps, name, side, calls, of: calls + forecast, seconds }));
  writeFileSync(file, Buffer.concat(made.map(({ rgb }) => rgb)));
  console.log(`${steps} steps, ${name}: ${made.length} pictures, ${seconds.toFixed(3)} s of denoising each`);
}

/** What is asked for, and what has to be seen. */
function asked() {
  const { subjects } = JSON.parse(readFileSync(join(ROOT, 'tools/starter/subjects-v2.json'), 'utf8'));
  const all = [];
  for (const seed of SEEDS.subject)
    for (const { label, names } of subjects) all.push({ kind: 'subject', prompt: names[0], seed, label });
  const labelOf = (/** @type {string} */ name) =>
    subjects.find((/** @type {{ names: string[] }} */ { names }) => names[0] === name).label;
  for (const seed of SEEDS.colour)
    for (const word of HUES)
      for (const name of COLOURED)
        all.push({ kind: 'colour', prompt: `${word} ${name}`, seed, label: labelOf(name), word });
  for (const seed of SEEDS.background)
    for (const word of BACKGROUNDS)
      for (const name of PLACED) {
        const prompt = `${name} on ${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word} background`;
        all.push({ kind: 'background', prompt, seed, label: labelOf(name), word });
      }
  return all;
}
