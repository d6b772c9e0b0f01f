/** A full-size model of random weights through the page, on lavapipe: imported in 8 bits, and one step painted in half precision. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { ensureBuilt } from '../lib/build.mjs';
import { chromiumArgs } from '../lib/chromium-args.mjs';
import { button, facts, fillRecipe, generatePicture, picture, type Facts } from '../lib/drive-app.mjs';
import { CACHE, DIST } from '../lib/paths.mjs';
import { serve } from '../lib/serve.mjs';
import { lavapipeBrowser } from '../lavapipe/browser.mjs';
import { makeCheckpoint, type FullSizeModel } from './make-checkpoint';

const FOLDER = join(CACHE, 'fullsize');
/** The browser's profile is on disk, so that a gigabyte of weights is not kept in its memory; thrown away at the end. */
const PROFILE = join(FOLDER, 'profile');

/** Two pictures of the same size: the first compiles shaders, where Mesa does not have them from an earlier run. */
export async function paintFullSize(model: FullSizeModel, side: number): Promise<object> {
  const made = await lavapipeBrowser({ mayInstall: true });
  if ('problem' in made) throw new Error(`There is no Chromium with lavapipe. ${made.problem}`);
  if (!(await ensureBuilt())) throw new Error('The app could not be built, see above.');
  const file = await checkpointOf(model);
  rmSync(PROFILE, { recursive: true, force: true });
  const server = await serve({ dir: DIST, port: 0 });
  const context = await chromium.launchPersistentContext(PROFILE, {
    executablePath: made.path,
    args: chromiumArgs('lavapipe'),
    serviceWorkers: 'block',
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${server.url}?provider=webgpu`);
    const importSeconds = await importFile(page, file);
    say(`imported in ${importSeconds.toFixed(0)} s`);
    const first = await paint(page, { model: `random-${model}`, prompt: 'a red apple', side });
    const second = await paint(page, { prompt: 'a green apple', side });
    const shown = await pictureFacts(page);
    await picture(page).screenshot({ path: join(FOLDER, `${model}.png`) });
    return { model, side, importSeconds: Number(importSeconds.toFixed(1)), first, second, ...shown };
  } finally {
    await context.close();
    await server.close();
    rmSync(PROFILE, { recursive: true, force: true });
  }
}

async function checkpointOf(model: FullSizeModel): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `random-${model}.safetensors`);
  const whole = `${path}.done`;
  if (existsSync(whole)) return path;
  say(`writing ${path}`);
  await makeCheckpoint(model, path);
  mkdirSync(whole);
  return path;
}

async function importFile(page: Page, file: string): Promise<number> {
  await page
    .getByText(/Runs on your GPU/)
    .first()
    .waitFor({ timeout: 0 });
  await button(page, 'Models').first().click();
  const start = performance.now();
  await page.getByLabel('Model files').setInputFiles(file);
  const use = page.getByRole('article').getByRole('button', { name: /^Use/ });
  const problem = page.getByRole('dialog').locator('[role=alert], .problem').filter({ hasText: /\S/ });
  await use.last().or(problem.first()).first().waitFor({ timeout: 0 });
  if (await problem.first().isVisible()) throw new Error(await problem.first().innerText());
  const seconds = (performance.now() - start) / 1000;
  await page.keyboard.press('Escape');
  return seconds;
}

interface Asked {
  model?: string;
  prompt: string;
  side: number;
}

async function paint(page: Page, { model, prompt, side }: Asked): Promise<Facts> {
  await fillRecipe(page, { model, prompt, seed: 1, steps: 1, cfg: 1, width: side, height: side });
  const painted = await generatePicture(page);
  say(`"${prompt}" in ${painted.totalSeconds.toFixed(0)} s`);
  return painted;
}

/** What the page says of how the model was loaded and run, and whether the picture is more than one colour. */
async function pictureFacts(page: Page) {
  const text = (await facts(page).textContent()) ?? '';
  const colours = await picture(page).evaluate(async (node) => {
    const image = node as HTMLImageElement;
    await image.decode();
    const context = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d');
    if (!context) return 0;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.naturalWidth, image.naturalHeight);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  return {
    isHalf: text.includes('half precision'),
    weights: /Weights\s*([^,]*, [\d.]+ [GM]B)/.exec(text)?.[1],
    colours,
  };
}

const say = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
