/** Once visited, the app opens and paints without any network. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';

test.use({ serviceWorkers: 'allow' });

test('opens and paints offline after one visit', async ({ page, context }) => {
  await page.goto('./');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 2 });
  await app.generatePicture(page);
  // The second visit is the one that the service worker serves.
  await page.reload();
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');

  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/Ready on/)).toBeVisible();
  await app.generatePicture(page);
});
