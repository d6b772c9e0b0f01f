/** The main path on the CPU: where there is no GPU, and where a person asks for it. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectRepeatable, expectSavedAsShown, paintRedApple } from './support/main-path';
import { CORNERS, isBlue, isGreen, meanColour, MIDDLE, readImage, shareOf } from './support/pixels';

test('paints on the CPU where there is no GPU, says so plainly, and saves the picture as shown', async ({ page }) => {
  await page.goto('./');
  const why = 'This browser offers WebGPU but found no GPU that it may use.';
  const line = page.getByText(/Runs without the GPU, more slowly \(CPU, \d+ threads?\)/).first();
  await expect(line).toContainText(why);
  const facts = await paintRedApple(page);
  expect(facts.provider).toBe('wasm');
  await expect(app.facts(page)).toContainText(/CPU, \d+ threads? \(wasm\)/);
  await expectSavedAsShown(page);
});

test('paints on the CPU where the address asks for it', async ({ page }) => {
  await page.goto('./?provider=wasm');
  await expect(page.getByText(/Runs without the GPU/).first()).toBeVisible();
  expect((await paintRedApple(page)).provider).toBe('wasm');
});

test('offers the CPU where WebGPU is asked for and missing', async ({ page }) => {
  await page.goto('./?provider=webgpu');
  await expect(app.complaint(page)).toContainText('WebGPU is not available here.');
  await app.button(page, 'Use the CPU instead').click();
  await expect(app.complaint(page)).toHaveCount(0);
  expect((await paintRedApple(page)).provider).toBe('wasm');
});

test('follows the colours of another prompt', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a green apple on a blue background', seed: 7 });
  await app.generatePicture(page);
  const bitmap = await readImage(app.picture(page));
  expect(shareOf(bitmap, MIDDLE, isGreen), 'green pixels in the middle').toBeGreaterThan(0.6);
  for (const corner of CORNERS) expect(isBlue(meanColour(bitmap, corner)), 'a blue corner').toBe(true);
});

test('lets the negative prompt change the picture, and leaves it out at CFG 1', async ({ page }) => {
  await page.goto('./');
  const paint = async (recipe: app.Recipe) => {
    await app.fillRecipe(page, { prompt: 'an apple', seed: 7, ...recipe });
    await app.generatePicture(page);
    return Buffer.from((await readImage(app.picture(page))).data).toString('base64');
  };
  const plain = await paint({ negative: '', cfg: 4 });
  const without = await paint({ negative: 'red', cfg: 4 });
  expect(without).not.toBe(plain);
  const unguided = await paint({ negative: 'red', cfg: 1 });
  expect(await paint({ negative: '', cfg: 1 })).toBe(unguided);
});

test('gives the same bytes for the same request', async ({ page }) => {
  await expectRepeatable(page, './', 8);
});

test('draws a seed for -1 and shows it; the same seed makes the same picture', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', seed: 5 });
  await app.button(page, 'Random seed').click();
  await expect(app.number(page, 'Seed')).toHaveValue('-1');
  const { seed } = await app.generatePicture(page);
  expect(seed).toBeGreaterThanOrEqual(0);
  await expect(app.facts(page)).toContainText(`Seed ${seed}`);
  const drawn = await readImage(app.picture(page));
  expect((await app.generatePicture(page)).seed, 'a second draw').not.toBe(seed);
  await app.fillRecipe(page, { seed });
  await app.generatePicture(page);
  expect(await readImage(app.picture(page))).toEqual(drawn);
});

/** One of so many paints in `npm test`, all with GESSO_LONG. */
const SOME = 4;

test('offers every sampler and schedule of its tables, and they make pictures', async ({ page }) => {
  await page.goto('./');
  const values = async (name: string) =>
    app
      .choice(page, name)
      .locator('option')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('value') ?? ''));
  await expect(app.choice(page, 'Schedule type'), 'the form, all of it').toBeVisible();
  const samplers = await values('Sampler');
  expect(samplers).toEqual(expect.arrayContaining(['euler', 'euler_ancestral', 'dpmpp_2m']));
  const schedules = await values('Schedule type');
  expect(schedules).toEqual(expect.arrayContaining(['automatic', 'karras', 'uniform']));
  expect(samplers.length).toBeGreaterThanOrEqual(schedules.length);
  // What they compute is held to references elsewhere; here they are to reach the engine and come back as a picture.
  await app.fillRecipe(page, { prompt: 'a red apple', steps: 4 });
  for (const [seed, sampler] of samplers.entries()) {
    if (!process.env.GESSO_LONG && seed % SOME !== 0) continue;
    const schedule = schedules[seed % schedules.length];
    await app.fillRecipe(page, { sampler, schedule, seed });
    expect((await app.generatePicture(page)).seed, `with ${sampler}, ${schedule}`).toBe(seed);
    const { data } = await readImage(app.picture(page));
    expect(new Set(data).size, `colours with ${sampler}, ${schedule}`).toBeGreaterThan(32);
  }
});
