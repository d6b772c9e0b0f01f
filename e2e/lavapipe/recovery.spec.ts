/** The GPU goes away in the middle of a picture: by itself, or with the process that drives it. */
import type { Page } from '@playwright/test';
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { beginPicture, engineWorker } from '../support/engine-worker';
import { needsLavapipe, needsTime } from '../support/lavapipe';
import { readImage } from '../support/pixels';

needsLavapipe();
needsTime();

const RECIPE = { prompt: 'a red apple', seed: 7, steps: 3 };

/** The worker's device at hand, as `gessoDevice`. */
async function exposeDevice(page: Page): Promise<void> {
  await page.route('**/engine.worker*.js', async (route) => {
    const response = await route.fetch();
    const hook = `{const real = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...all) { return (self.gessoDevice = await real.apply(this, all)); };}`;
    await route.fulfill({ response, body: `${hook}\n${await response.text()}` });
  });
}

const LOSSES: Record<string, (page: Page) => Promise<void>> = {
  'is destroyed': async (page) =>
    (await engineWorker(page)).evaluate(() => (self as unknown as { gessoDevice: GPUDevice }).gessoDevice.destroy()),
  'loses its process': async (page) => {
    const devtools = await page.context().browser()?.newBrowserCDPSession();
    await devtools?.send('Browser.crashGpuProcess');
  },
};

for (const [loss, lose] of Object.entries(LOSSES))
  test(`a picture goes on, with the same bytes, where the GPU ${loss}`, async ({ page }) => {
    test.setTimeout(12 * 60_000);
    await exposeDevice(page);
    await page.goto('./?provider=webgpu');
    await app.fillRecipe(page, RECIPE);
    await app.generatePicture(page);
    const unbroken = (await readImage(app.picture(page))).data;
    await beginPicture(page, RECIPE, 1);
    await lose(page);
    await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 0 });
    await expect(page.getByText('The GPU went away and was opened again').first()).toBeVisible();
    expect((await app.readFacts(page)).provider).toBe('webgpu');
    expect((await readImage(app.picture(page))).data).toEqual(unbroken);
  });
