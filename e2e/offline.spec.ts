/** From the second visit on, the app opens and paints without any network. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';

test.use({ serviceWorkers: 'allow' });

test('opens and paints offline after the second visit', async ({ page, context }) => {
  await page.goto('./');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 2 });
  await app.generatePicture(page);
  // The first visit is over before the service worker can see what it fetches; the second goes through it.
  await page.reload();
  await expect(page.getByText(/Ready on/)).toBeVisible();
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');

  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/Ready on/)).toBeVisible();
  await app.generatePicture(page);
});
