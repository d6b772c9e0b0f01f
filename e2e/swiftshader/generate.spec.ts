/**
 * The main path on Chromium's own software adapter: a GPU without half precision, whose subgroups of 4 are too small for the
 * kernels that use them. A picture takes more than a minute; everything else of WebGPU is tested on lavapipe.
 */
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { expectSavedAsShown, paintRedApple } from '../support/main-path';

test('paints a red apple on WebGPU without half precision, says so, and saves it as shown', async ({ page }) => {
  await page.goto('./?provider=webgpu'); // of itself the page would rather take the CPU than a software GPU
  await expect(page.getByText(/Runs on your GPU \(.*swiftshader.*\)/i).first()).toBeVisible();
  const facts = await paintRedApple(page);
  expect(facts.provider).toBe('webgpu');
  expect(facts.adapter).toMatch(/swiftshader/i);
  await expect(app.facts(page)).toContainText(/swiftshader.*\(WebGPU\)/i);
  await expectSavedAsShown(page);
});

test('takes the CPU rather than a software GPU, and says so', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByText(/The only GPU that this browser offers is software/).first()).toBeVisible();
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 1 });
  expect((await app.generatePicture(page)).provider).toBe('wasm');
});
