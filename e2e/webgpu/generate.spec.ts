/** The main path on WebGPU. SwiftShader takes seconds a step, so steps are few wherever the picture is not judged. */
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { expectRepeatable, expectSavedAsShown, paintRedApple } from '../support/main-path';
import { CORNERS, isBlue, isGreen, meanColour, MIDDLE, readImage, shareOf } from '../support/pixels';

test('paints a red apple on WebGPU, says so, and saves it as shown', async ({ page }) => {
  await page.goto('./?provider=webgpu'); // of itself the page would rather take the CPU than a software GPU
  await expect(page.getByText(/Runs on your GPU \(.*swiftshader.*\)/i).first()).toBeVisible();
  const facts = await paintRedApple(page);
  expect(facts.provider).toBe('webgpu');
  expect(facts.adapter).toMatch(/swiftshader/i);
  await expect(app.facts(page)).toContainText(/swiftshader.*\(WebGPU\)/i);
  await expectSavedAsShown(page);
});

test('follows the colours of another prompt', async ({ page }) => {
  await page.goto('./?provider=webgpu');
  await app.fillRecipe(page, { prompt: 'a green apple on a blue background', seed: 7, steps: 3 });
  expect((await app.generatePicture(page)).provider).toBe('webgpu');
  const bitmap = await readImage(app.picture(page));
  expect(shareOf(bitmap, MIDDLE, isGreen), 'green pixels in the middle').toBeGreaterThan(0.6);
  for (const corner of CORNERS) expect(isBlue(meanColour(bitmap, corner)), 'a blue corner').toBe(true);
});

test('gives the same bytes for the same request', async ({ page }) => {
  await expectRepeatable(page, './?provider=webgpu', 1);
});

test('takes the CPU rather than a software GPU, and says so', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByText(/The only GPU that this browser offers is software/).first()).toBeVisible();
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 1 });
  expect((await app.generatePicture(page)).provider).toBe('wasm');
});
