/** What is seen before any script: the frame of the page, where the page puts it. */
import { textbox } from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';

const SIZES = [
  { title: 'a desk', width: 1280, height: 720 },
  { title: 'a phone', width: 390, height: 844 },
  { title: 'a phone on its side', width: 844, height: 390 },
] as const;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

for (const { title, width, height } of SIZES)
  for (const colorScheme of ['light', 'dark'] as const)
    test.describe(`on ${title}, ${colorScheme}`, () => {
      test.use({ viewport: { width, height }, colorScheme });

      test('the still is seen without scripts, and nothing moves when the page takes its place', async ({ page }) => {
        let letGo = (): void => undefined;
        const held = new Promise<void>((resolve) => (letGo = resolve));
        await page.route('**/assets/index-*.js', async (route) => {
          await held;
          await route.continue();
        });
        await page.goto('./', { waitUntil: 'commit' });
        await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
        const boxOf = async (selector: string): Promise<Box> => {
          const box = await page.locator(selector).first().boundingBox();
          if (!box) throw new Error(`${selector} is not on the page`);
          return box;
        };
        const still = [await boxOf('.still-chip'), await boxOf('.still-text'), await boxOf('.still-generate')];
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect(ground).toBe(colorScheme === 'dark' ? 'rgb(22, 22, 24)' : 'rgb(247, 245, 241)');

        letGo();
        await textbox(page, 'Prompt').waitFor();
        const [chip, text, generate] = [
          await boxOf('.chip:has(#field-model)'),
          await boxOf('#field-prompt'),
          await boxOf('.split'),
        ];
        await expect(page.locator('.still')).toHaveCount(0);
        for (const [before, after] of [
          [still[0], chip],
          [still[1], text],
          [still[2], generate],
        ])
          for (const key of ['x', 'y', 'width', 'height'] as const)
            expect(Math.abs(before[key] - after[key]), `${key} of ${JSON.stringify([before, after])}`).toBeLessThan(2);
      });
    });
