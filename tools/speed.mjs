/**
 * `npm run bench -- speed [--prompts N] [--sheet FILE.png] [--guidance]`: what Fast and Faster cost and keep, on the starter (CPU): model calls made, seconds,
 * and how near the picture is to that of all calls, beside a run of as many steps that makes all of its calls. `--guidance`: what leaving
 * the negative prompt out of some calls costs and keeps, instead.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PNG } from 'pngjs';
import { ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';
import { median, psnr } from './lib/statistics.mjs';

const CASES = /** @type {const} */ ([
  ['euler', 20],
  ['dpmpp_2m', 20],
  ['euler_ancestral', 20],
  ['dpmpp_2m_sde', 20],
  ['dpmpp_2m', 30],
  ['dpmpp_2m', 50],
]);
/** Pictures side by side on the sheet. */
const SHOWN = 8;
const SPEEDS = /** @type {const} */ ({ exact: 'exact', fast: 'fast', faster: 'faster2' });

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'speed'),
  options: { prompts: { type: 'string', default: '16' }, sheet: { type: 'string' }, guidance: { type: 'boolean' } },
});
const prompts = readFileSync(join(ROOT, 'tools/starter/grid-prompts.txt'), 'utf8')
  .split('\n')
  .slice(0, Number(values.prompts));

await prepare({ quiet: true });
const { loadTypeScript } = await import('./lib/load-typescript.mjs');
const { openWorkflowPage } = await import('./lib/workflow-page.mjs');
const { workflowOf } = /** @type {typeof import('../src/core/workflow')} */ (
  await loadTypeScript('src/core/workflow/index.ts')
);
const [starter] = JSON.parse(readFileSync(join(ROOT, 'models-manifest.json'), 'utf8')).models;
const page = await openWorkflowPage('wasm').catch(fail);

/** @typedef {{ png: Buffer, calls: number, forecast: number, seconds: number }} Made */

/** A1111's Skip Early CFG, and its NGMS, below which noise levels every second call, or every one, goes without. */
const GUIDANCE = [
  {},
  { skipEarlyCfg: 0.04 },
  { skipEarlyCfg: 0.1 },
  { skipEarlyCfg: 0.2 },
  { ngms: 0.28, ngmsAllSteps: true },
  { ngms: 1, ngmsAllSteps: true },
  { ngms: 4 },
  { ngms: 4, ngmsAllSteps: true },
];

/** @param {string} prompt @param {{ sampler: string, steps: number, speed: string, skipEarlyCfg?: number, ngms?: number, ngmsAllSteps?: boolean }} how @returns {Promise<Made>} */
async function paint(prompt, how) {
  const { cfgScale, width, height, schedule } = starter.defaults;
  const words = { prompt, negativePrompt: '', model: starter.id, noise: 'cpu', seed: 7 };
  const request = /** @type {any} */ ({ ...words, schedule, cfgScale, width, height, ...how });
  const { pngs, timings } = await page.run(workflowOf(request, []));
  const { modelCalls: calls, forecastCalls: forecast = 0, denoiseSeconds: seconds } = timings;
  return { png: pngs[0], calls, forecast, seconds };
}

if (values.guidance) {
  await guidanceTable();
  await page.close();
  process.exit();
}
/** @type {Buffer[][]} */
const rows = [];
console.log(
  `${prompts.length} prompts, CFG ${starter.defaults.cfgScale}, seed 7, medians; PSNR against the picture of all calls of that many steps.`,
);
console.log('| sampler, steps | speed | calls made | seconds of denoising | PSNR | as many steps, all calls made |');
console.log('| --- | --- | --- | --- | --- | --- |');
await paint('a tree', { sampler: 'euler', steps: 2, speed: 'exact' });
for (const [sampler, steps] of CASES) {
  /** @type {Made[]} */
  let exact = [];
  for (const [name, speed] of Object.entries(SPEEDS)) {
    /** @type {Made[]} */
    const made = [];
    /** @type {Made[]} */
    const fewer = [];
    for (const prompt of prompts) {
      const one = await paint(prompt, { sampler, steps, speed });
      made.push(one);
      if (speed !== 'exact') fewer.push(await paint(prompt, { sampler, steps: one.calls, speed: 'exact' }));
    }
    if (speed === 'exact') exact = made;
    if (sampler === 'dpmpp_2m' && steps === 20) rows.push(made.slice(0, SHOWN).map(({ png }) => png));
    const near = (/** @type {Made[]} */ of) => median(of.map(({ png }, i) => psnr(png, exact[i].png))).toFixed(1);
    const [{ calls, forecast }] = made;
    const end = speed === 'exact' ? '| |' : `${near(made)} dB | ${near(fewer)} dB |`;
    console.log(
      `| ${sampler}, ${steps} | ${name} | ${calls} of ${calls + forecast} | ${median(made.map(({ seconds }) => seconds)).toFixed(2)} | ${end}`,
    );
  }
}
await page.close();
if (values.sheet !== undefined) writeFileSync(values.sheet, sheetOf(rows));

/** One prompt after another in all ways, so that a busy machine is as busy for each. */
async function guidanceTable() {
  const how = { sampler: 'dpmpp_2m', steps: 20, speed: 'exact' };
  await paint('a tree', how);
  /** @type {Made[][]} */
  const made = GUIDANCE.map(() => []);
  for (const prompt of prompts)
    for (const [i, skip] of GUIDANCE.entries()) made[i].push(await paint(prompt, { ...how, ...skip }));
  console.log('| guidance | of the seconds with guidance | PSNR |\n| --- | --- | --- |');
  for (const [i, skip] of GUIDANCE.entries()) {
    const share = median(made[i].map(({ seconds }, j) => seconds / made[0][j].seconds));
    const near = i === 0 ? '' : `${median(made[i].map(({ png }, j) => psnr(png, made[0][j].png))).toFixed(1)} dB`;
    console.log(`| ${JSON.stringify(skip)} | ${share.toFixed(2)} | ${near} |`);
  }
}

/** @param {Buffer[][]} lines  exact, fast, faster @returns {Buffer} a PNG with a line each */
function sheetOf(lines) {
  const side = starter.defaults.width;
  const sheet = new PNG({ width: SHOWN * side, height: lines.length * side });
  for (const [y, line] of lines.entries())
    for (const [x, png] of line.entries()) PNG.bitblt(PNG.sync.read(png), sheet, 0, 0, side, side, x * side, y * side);
  return PNG.sync.write(sheet);
}
