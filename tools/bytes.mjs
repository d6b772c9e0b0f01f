/**
 * `npm run bench -- bytes [--prompts N] [--sheet FILE.png]`: the starter's packs in today's plans and in the smallest one at several prices of a bit:
 * bytes, error of each component's output, and how near pictures are to those of half precision; then what published models come to.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PNG } from 'pngjs';
import { CACHE, ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';
import { median, psnr } from './lib/statistics.mjs';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'bytes'),
  options: { prompts: { type: 'string', default: '8' }, sheet: { type: 'string' } },
});
/** Steps of a picture, by DPM++ 2M. */
const STEPS = 12;
/** Rows of the sheet. */
const SHOWN = ['float16', 'q8', 'q4', 'smallest, a bit costs 4e-10', 'smallest, a bit costs 1e-9'];

await prepare({ quiet: true });
const { loadTypeScript } = await import('./lib/load-typescript.mjs');
const { openWorkflowPage } = await import('./lib/workflow-page.mjs');
const { BYTES_CASES, measureBytes } = /** @type {typeof import('./quantisation/bytes')} */ (
  await loadTypeScript('tools/quantisation/bytes.ts')
);
const { packSizes } = /** @type {typeof import('./fullsize/pack-sizes')} */ (
  await loadTypeScript('tools/fullsize/pack-sizes.ts')
);
const { workflowOf } = /** @type {typeof import('../src/core/workflow')} */ (
  await loadTypeScript('src/core/workflow/index.ts')
);
const [starter] = JSON.parse(readFileSync(join(ROOT, 'models-manifest.json'), 'utf8')).models;
const prompts = readFileSync(join(ROOT, 'tools/starter/grid-prompts.txt'), 'utf8')
  .split('\n')
  .slice(0, Number(values.prompts));
const page = await openWorkflowPage('wasm').catch(fail);

/** @param {string} model @returns {Promise<Buffer[]>} */
async function paint(model) {
  const { cfgScale, width, height, schedule } = starter.defaults;
  const rest = {
    sampler: 'dpmpp_2m',
    schedule,
    steps: STEPS,
    cfgScale,
    width,
    height,
    noise: 'cpu',
    seed: 7,
    speed: 'exact',
  };
  const pictures = [];
  for (const prompt of prompts) {
    const request = /** @type {any} */ ({ prompt, negativePrompt: '', model, ...rest });
    pictures.push((await page.run(workflowOf(request, []))).pngs[0]);
  }
  return pictures;
}

/** @type {Map<string, Buffer[]>} */
const painted = new Map();
const percent = (/** @type {number} */ share) => (share === 0 ? '0' : `${(100 * share).toPrecision(2)} %`);
console.log(
  `| pack | MB | bits a number | stored as | text encoder | U-Net | decoder | pictures, median PSNR of ${prompts.length} |`,
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const one of BYTES_CASES) {
  const folder = join(CACHE, 'bytes', one.name.replaceAll(/[^a-z0-9]+/g, '-'));
  const { megabytes, bits, forms, errors } = await measureBytes(one, folder);
  const { id } = await page.addModel(folder);
  const pictures = await paint(id);
  painted.set(one.name, pictures);
  const exact = painted.get('float16') ?? pictures;
  const near = one.name === 'float16' ? '' : `${median(pictures.map((png, i) => psnr(png, exact[i]))).toFixed(1)} dB`;
  const shares = Object.entries(forms)
    .toSorted(([, a], [, b]) => b - a)
    .map(([form, share]) => `${form} ${(100 * share).toFixed(0)} %`);
  const off = ['text_encoder', 'unet', 'vae_decoder'].map((id) => percent(errors[id]));
  console.log(`| ${[one.name, megabytes.toFixed(1), bits.toFixed(2), shares.join(', '), ...off, near].join(' | ')} |`);
}
await page.close();
console.log('\n| family | plan | MB | of which |\n| --- | --- | --- | --- |');
console.log(packSizes());
if (values.sheet !== undefined) writeFileSync(values.sheet, sheetOf(SHOWN.map((name) => painted.get(name) ?? [])));

/** @param {Buffer[][]} lines @returns {Buffer} a PNG with a line each */
function sheetOf(lines) {
  const side = starter.defaults.width;
  const sheet = new PNG({ width: prompts.length * side, height: lines.length * side });
  for (const [y, line] of lines.entries())
    for (const [x, png] of line.entries()) PNG.bitblt(PNG.sync.read(png), sheet, 0, 0, side, side, x * side, y * side);
  return PNG.sync.write(sheet);
}
