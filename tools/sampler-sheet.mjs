/** `npm run sampler-sheet`: every sampler and schedule type with pictures of the starter model, into docs/samplers.md. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { fail, prepare } from './lib/prepare.mjs';

const FOLDER = 'docs/samplers';
const PAGE = 'docs/samplers.md';
const SEED = 7;
const CFG = 4;
/** CFG++ counts its scale otherwise: ComfyUI’s samplers of it are used with 1 to 2. */
const CFG_PP = /^(?!ddim).*_cfg_pp$/;
/** One column each: short runs show what converges quickly, long ones what an automatic schedule makes of a model. */
const COLUMNS = [
  { prompt: 'a red apple', steps: 8 },
  { prompt: 'a red apple', steps: 20 },
  { prompt: 'a penguin', steps: 20 },
  { prompt: 'a blue heart', steps: 20 },
];

await prepare();
const { openApp } = await import('./lib/open-app.mjs');
const { choice, fillRecipe, generatePicture, savePng } = await import('./lib/drive-app.mjs');
const { page, close } = await openApp({ provider: 'wasm' }).catch(fail);

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
try {
  const samplers = await optionsOf('Sampler');
  const schedules = await optionsOf('Schedule type');
  const samplerRows = [];
  for (const sampler of samplers)
    samplerRows.push(await row(sampler, 'sampler', { sampler: sampler.id, schedule: 'sgm_uniform' }));
  const scheduleRows = [];
  for (const schedule of schedules)
    scheduleRows.push(await row(schedule, 'schedule', { sampler: 'euler', schedule: schedule.id }));
  writeFileSync(PAGE, document(samplerRows, scheduleRows));
  console.log(`${PAGE}: ${samplers.length} samplers, ${schedules.length} schedule types`);
} finally {
  await close();
}

/** @typedef {{ id: string, label: string }} Option */

/** @param {string} name @returns {Promise<Option[]>} */
async function optionsOf(name) {
  return choice(page, name)
    .locator('option')
    .evaluateAll((nodes) =>
      nodes.map((node) => ({ id: node.getAttribute('value') ?? '', label: node.textContent?.trim() ?? '' })),
    );
}

/**
 * A strip of pictures and a line of the table.
 * @param {Option} option @param {string} kind @param {import('./lib/drive-app.mjs').Recipe} recipe
 */
async function row({ id, label }, kind, recipe) {
  /** @type {PNG[]} */
  const pictures = [];
  /** @type {number[]} */
  const calls = [];
  for (const { prompt, steps } of COLUMNS) {
    await fillRecipe(page, { ...recipe, prompt, steps, seed: SEED, cfg: CFG_PP.test(id) ? 1 : CFG, noise: 'cpu' });
    const { modelCalls } = await generatePicture(page);
    calls.push(modelCalls);
    const file = await (await savePng(page)).path();
    pictures.push(PNG.sync.read(readFileSync(file)));
  }
  const file = `${kind}-${id}.png`;
  writeFileSync(`${FOLDER}/${file}`, PNG.sync.write(strip(pictures)));
  console.log(`${kind} ${id}: ${calls.join(', ')} model calls`);
  return `| ${label} | \`${id}\` | ${calls[0]} / ${calls[1]} | ![${label}](samplers/${file}) |`;
}

/** Side by side. @param {PNG[]} pictures */
function strip(pictures) {
  const [{ width, height }] = pictures;
  const sheet = new PNG({ width: width * pictures.length, height });
  pictures.forEach((picture, i) => PNG.bitblt(picture, sheet, 0, 0, width, height, i * width, 0));
  return sheet;
}

/** @param {string[]} samplers @param {string[]} schedules */
function document(samplers, schedules) {
  const columns = COLUMNS.map(({ prompt, steps }) => `"${prompt}" in ${steps} steps`).join(', ');
  return `# Samplers and schedule types

Made by \`npm run sampler-sheet\` with the starter model; seed ${SEED}, CFG scale ${CFG}, noise CPU. From left to right: ${columns}.

The starter was trained with zero terminal SNR: its first sigma is 4096 and its second, in 8 steps, 13.8. Methods that
extrapolate over that gap need more steps (Heun more than 8, DPM2 a and Restart more than 20), and AUTOMATIC1111's Beta, which places
steps by sigma, leaves few for the picture. Models whose highest sigma is 14.6 have no such gap.
"Model calls" are for 8 and for 20 steps.

## Samplers

With schedule type SGM Uniform, save those that have sigmas of their own. Those with CFG++ are as ComfyUI has them, whose scale is
used from 1 to 2: their pictures have 1. DDIM CFG++ is AUTOMATIC1111's, which divides the scale by 12.5.

| sampler | id | model calls | pictures |
| --- | --- | --- | --- |
${samplers.join('\n')}

## Schedule types

With the sampler Euler.

| schedule type | id | model calls | pictures |
| --- | --- | --- | --- |
${schedules.join('\n')}
`;
}
