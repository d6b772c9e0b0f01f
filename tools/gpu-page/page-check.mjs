/** Opens the built app in a browser on this machine's GPU and paints, with a clock for every step; see README.md. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FLAG_SETS, REHEARSAL_SETS, openOnGpu, round, tail, within } from './browser.mjs';
import { addFiles, addModel, button, choice, facts, fillRecipe, generatePicture, picture } from './drive-app.mjs';
import { browserMegabytes, watchGpu } from './memory.mjs';
import { decibels, readPixels } from './pixels.mjs';
import { serve } from './serve.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '150' },
    browser: { type: 'string' },
    app: { type: 'string', default: join(HERE, 'dist') },
    files: { type: 'string', default: '/tmp/gesso-files' },
    out: { type: 'string', default: process.env.OUT ?? '.' },
    log: { type: 'string', default: '/tmp/gesso-chromium.log' },
    tiny: { type: 'boolean', default: false },
    xl: { type: 'boolean', default: false },
    side: { type: 'string', default: '512' },
    steps: { type: 'string', default: '20' },
  },
});

const began = performance.now();
const sinceBegin = () => (performance.now() - began) / 1000;
const left = () => Number(options.seconds) - sinceBegin();
/** What a full model and the rehearsal's tiny one are asked for. */
const SIZES = options.tiny
  ? { model: 'tiny-sd15', side: 128, steps: 3, large: 192, largeSteps: 2 }
  : { model: 'random-sd15', side: Number(options.side), steps: Number(options.steps), large: 1024, largeSteps: 8 };

const report = { date: new Date().toISOString(), options, tried: [], steps: [] };
const gpu = watchGpu();
mkdirSync(options.out, { recursive: true });

function save() {
  report.seconds = round(sinceBegin());
  const path = join(options.out, 'page-check.json');
  writeFileSync(`${path}.part`, JSON.stringify(report, null, 1));
  renameSync(`${path}.part`, path);
}

let page;

/**
 * A failure is recorded, and the next step goes on.
 *
 * @param {string} name @param {number} most  seconds @param {() => Promise<object>} work  what it returns is recorded
 * @param {number} [needs]  seconds without which it does not begin
 * @returns {Promise<boolean>} whether it went well
 */
async function step(name, most, work, needs = 5) {
  const entry = { name, at: round(sinceBegin()) };
  report.steps.push(entry);
  if (left() < needs) {
    entry.skipped = `${Math.max(0, left()).toFixed(0)} s were left, and it wants ${needs}.`;
    save();
    return false;
  }
  const start = performance.now();
  gpu.reset();
  try {
    Object.assign(entry, await within(1000 * Math.max(1, Math.min(most, left() - 2)), work()), { ok: true });
  } catch (error) {
    Object.assign(entry, { ok: false, error: String(error?.message ?? error).slice(0, 1500) });
    await page?.screenshot({ path: join(options.out, 'failure.png'), timeout: 5000 }).catch(() => undefined);
    entry.pageText = await within(3000, page?.evaluate(readWords)).catch(() => undefined);
    if (page)
      await button(page, 'Cancel')
        .first()
        .click({ timeout: 500 })
        .catch(() => undefined);
  }
  entry.seconds = round((performance.now() - start) / 1000);
  entry.gpuMegabytes = gpu.most();
  entry.browserMegabytes = browserMegabytes();
  console.log(`${entry.at} s  ${name}: ${JSON.stringify({ ...entry, pageText: undefined }).slice(0, 700)}`);
  save();
  return entry.ok;
}

/** Runs in the page: what it complains of, and the sheet that is open. */
function readWords() {
  const words = [...document.querySelectorAll('[role=alert], [role=dialog], [role=progressbar], .progress')].map(
    (node) => node.innerText,
  );
  return words
    .filter((text) => text.trim() !== '')
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .slice(0, 1500);
}

const shot = (file) => page.screenshot({ path: join(options.out, file), timeout: 10_000 });

/** Seconds as a person waits, and as the page tells them. */
async function paint(recipe) {
  const pressed = performance.now();
  await fillRecipe(page, recipe);
  const filled = performance.now();
  const told = await generatePicture(page);
  const waited = (performance.now() - filled) / 1000;
  const calls = told.modelCalls || 1;
  return {
    waitedSeconds: round(waited),
    formSeconds: round((filled - pressed) / 1000),
    secondsPerStep: round(told.denoiseSeconds / Number(recipe.steps ?? calls)),
    ...told,
  };
}

/** How the parts were loaded, and the model on this device, in the page's words. */
async function stages() {
  await facts(page)
    .getByRole('button', { name: /per stage/ })
    .click({ timeout: 3000 });
  const text = await page.getByRole('dialog', { name: 'Time per stage' }).innerText({ timeout: 3000 });
  await page.keyboard.press('Escape');
  return text.split('\n').filter((line) => line.trim() !== '');
}

async function filesReady(name) {
  while (!existsSync(join(options.files, `${name}.done`))) await new Promise((resolve) => setTimeout(resolve, 200));
}

const server = await serve({ dir: options.app, port: 0 });
/** What the page told the console, if it was a warning or worse. */
const consoleLines = (report.console = []);
let closeBrowser = async () => {};

await step('browser and adapter', 120, async () => {
  const opened = await openOnGpu({
    executablePath: options.browser,
    url: server.url,
    log: options.log,
    sets: process.env.GESSO_STAND_IN ? REHEARSAL_SETS : FLAG_SETS,
    acceptsSoftware: Boolean(process.env.GESSO_STAND_IN),
    onTried: (tried) => {
      report.tried.push(tried);
      save();
    },
  });
  ({ page, close: closeBrowser } = opened);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && consoleLines.length < 40)
      consoleLines.push(`${sinceBegin().toFixed(1)} s ${message.text().slice(0, 400)}`);
  });
  page.on('pageerror', (error) => consoleLines.push(String(error).slice(0, 400)));
  const { adapter, name } = report.tried.at(-1);
  return { flags: name, adapter };
});

if (page) await checkPage();
report.log = tail(options.log);
report.finished = true;
save();
await closeBrowser();
await within(5000, server.close()).catch(() => undefined);
gpu.stop();
process.exit(report.steps.every(({ ok }) => ok) ? 0 : 1);

async function checkPage() {
  await step('the page opens', 60, async () => {
    const start = performance.now();
    await page.goto(`${server.url}?provider=webgpu`);
    const line = page.getByText(/Runs on your GPU|Runs without the GPU/).first();
    await line.waitFor({ timeout: 55_000 });
    const lineSeconds = round((performance.now() - start) / 1000);
    await page
      .getByText(/Ready on /)
      .first()
      .waitFor({ timeout: 55_000 });
    return { lineSeconds, readySeconds: round((performance.now() - start) / 1000), line: await line.innerText() };
  });

  const golden = JSON.parse(readFileSync(join(HERE, 'golden.json'), 'utf8'));
  await step('starter, first picture', 60, async () => {
    const { prompt, sampler, schedule, steps, cfg_scale: cfg, seed, noise } = golden;
    const told = await paint({ model: 'starter', prompt, sampler, schedule, steps, cfg, seed, noise });
    const painted = await readPixels(picture(page));
    const expected = readFileSync(join(HERE, 'golden.rgba'));
    return { ...told, decibelsFromDiffusers: round(decibels(painted, expected)), stages: await stages() };
  });
  await step('starter, second picture', 30, async () => {
    const told = await paint({ seed: golden.seed + 1 });
    await shot('starter.png');
    return told;
  });

  await step('checkpoint is written', 60, () => filesReady(options.tiny ? 'tiny' : 'sd15').then(() => ({})));
  const isImported = await step('checkpoint is imported', 400, async () => {
    await addModel(page, join(options.files, options.tiny ? SIZES.model : `${SIZES.model}.safetensors`), options.tiny);
    return { chosen: await choice(page, 'Model').inputValue() };
  });
  if (!isImported) return;
  const recipe = {
    prompt: 'a lighthouse on a cliff, oil painting',
    sampler: 'euler',
    steps: SIZES.steps,
    cfg: 7,
    seed: 1,
    width: SIZES.side,
    height: SIZES.side,
  };
  await step('full size, first picture', 90, async () => ({ ...(await paint(recipe)), stages: await stages() }));
  await step('full size, second picture', 60, async () => {
    const told = await paint({ ...recipe, seed: 2 });
    await shot('full-size.png');
    return { ...told, colours: await coloursOf(await readPixels(picture(page))) };
  });
  const lora = options.tiny ? 'tiny-lora' : 'random-lora';
  const withLora = { ...recipe, seed: 2, prompt: `${recipe.prompt} <lora:${lora}:0.8>` };
  const plain = await readPixels(picture(page)).catch(() => undefined);
  await step('LoRA is added', 20, async () => {
    await addFiles(page, [join(options.files, `${lora}.safetensors`)]);
    return {};
  });
  await step('LoRA, first picture', 60, async () => {
    const told = await paint(withLora);
    const changed = await readPixels(picture(page));
    return { ...told, decibelsFromPlain: plain && round(decibels(changed, plain)), stages: await stages() };
  });
  await step('LoRA, second picture', 40, async () => {
    const told = await paint({ ...withLora, seed: 3 });
    await shot('lora.png');
    return told;
  });
  const large = { ...recipe, seed: 4, steps: SIZES.largeSteps, width: SIZES.large, height: SIZES.large };
  await step(
    'larger, first picture',
    60,
    async () => {
      const told = await paint(large);
      await shot('larger.png');
      return { ...told, stages: await stages() };
    },
    10,
  );
  await step(
    'GPU memory said to be 80 GB',
    60,
    async () => {
      await fillRecipe(page, { advanced: { 'GPU memory': '80 GB' } });
      const first = await paint({ ...recipe, seed: 5 });
      const formOf = await stages();
      return { first, second: await paint({ ...recipe, seed: 6 }), stages: formOf };
    },
    10,
  );
  if (!options.xl) return;
  await step(
    'XL is imported',
    300,
    async () => {
      await filesReady('sdxl');
      await addModel(page, join(options.files, 'random-sdxl.safetensors'), false);
      return {};
    },
    60,
  );
  await step('XL, first picture', 120, async () => ({
    ...(await paint({ ...large, seed: 7 })),
    stages: await stages(),
  }));
  await step('XL, second picture', 60, () => paint({ ...large, seed: 8 }));
}

function coloursOf(pixels) {
  return new Set(new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length >> 2)).size;
}
