/** The main path on WebGPU: whole pictures of the starter, which is computed in float32 whatever the GPU has. */
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { LAVAPIPE, needsLavapipe } from '../support/lavapipe';
import { expectRepeatable, expectSavedAsShown, paintRedApple } from '../support/main-path';
import { CORNERS, isBlue, isGreen, meanColour, MIDDLE, psnr, readImage, shareOf } from '../support/pixels';

needsLavapipe();
test.setTimeout(15 * 60_000); // shaders that were never compiled on a busy machine

/** Float32 on both sides; eight steps on end. */
const MIN_DECIBELS = 50;

test('paints a red apple on WebGPU, says so, saves it as shown, and the CPU paints the same', async ({ page }) => {
  await page.goto('./?provider=webgpu');
  await expect(page.getByText(/Runs on your GPU \(.*llvmpipe.*\)/i).first()).toBeVisible();
  const facts = await paintRedApple(page);
  expect(facts.provider).toBe('webgpu');
  expect(facts.adapter).toMatch(LAVAPIPE);
  await expect(app.facts(page)).toContainText(/llvmpipe.*\(WebGPU\)/i);
  await expectSavedAsShown(page);
  const onGpu = await readImage(app.picture(page));

  await page.goto('./?provider=wasm');
  expect((await paintRedApple(page)).provider).toBe('wasm');
  expect(psnr(onGpu, await readImage(app.picture(page)))).toBeGreaterThan(MIN_DECIBELS);
});

test('follows the colours of another prompt', async ({ page }) => {
  await page.goto('./?provider=webgpu');
  await app.fillRecipe(page, { prompt: 'a green apple on a blue background', seed: 7 });
  expect((await app.generatePicture(page)).provider).toBe('webgpu');
  const bitmap = await readImage(app.picture(page));
  expect(shareOf(bitmap, MIDDLE, isGreen), 'green pixels in the middle').toBeGreaterThan(0.6);
  for (const corner of CORNERS) expect(isBlue(meanColour(bitmap, corner)), 'a blue corner').toBe(true);
});

test('gives the same bytes for the same request', async ({ page }) => {
  await expectRepeatable(page, './?provider=webgpu', 8);
});
