/** What only a browser's layout shows: what stays in sight, what a finger finds, what a low window has room for. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';

/** CSS pixels that a finger finds. */
const FINGER_PX = 40;

test.describe('on a desk', () => {
  test.use({ viewport: { width: 1280, height: 720 } });

  test('Generate stays in sight, a wrong number is told once, and a long word widens nothing', async ({ page }) => {
    await page.goto('./');
    await app.textbox(page, 'Prompt').fill('x'.repeat(300));
    const panel = page.getByRole('region', { name: 'What to make' });
    expect(await panel.evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0);
    await page.getByText('Advanced', { exact: true }).click();
    await panel.evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await expect(app.button(page, 'Generate')).toBeInViewport({ ratio: 1 });
    await app.number(page, 'Steps').fill('0');
    await app.button(page, 'Generate').click();
    await expect(app.number(page, 'Steps')).toBeFocused();
    const box = await app.complaint(page).locator('p').boundingBox();
    expect(box?.height, 'for a screen reader alone').toBeLessThan(2);
    await expect(page.locator('#field-steps-problem')).toBeInViewport();
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('all that is pressed is large enough for a finger, and Generate stays where it is', async ({ page }) => {
    await page.goto('./');
    await app.fillRecipe(page, { prompt: 'a red apple' });
    const before = await app.button(page, 'Generate').boundingBox();
    await app.generatePicture(page);
    const small = await page.locator('button:visible, select:visible, summary:visible').evaluateAll(
      (nodes, least) =>
        nodes.flatMap((node) => {
          const { width, height } = node.getBoundingClientRect();
          const isSmall = width > 1 && (width < least || height < least - 0.5);
          return isSmall ? [`${node.textContent?.trim()}: ${Math.round(width)} × ${Math.round(height)}`] : [];
        }),
      FINGER_PX,
    );
    expect(small).toEqual([]);
    expect((await app.button(page, 'Generate').boundingBox())?.y).toBe(before?.y);
  });

  test('on its side, the facts take one line', async ({ page }) => {
    await page.setViewportSize({ width: 844, height: 390 });
    await page.goto('./');
    await app.fillRecipe(page, { prompt: 'a red apple' });
    await app.generatePicture(page);
    const list = app.facts(page).getByRole('list');
    expect((await list.boundingBox())?.height).toBeLessThan(FINGER_PX);
    const picture = await app.picture(page).boundingBox();
    expect(picture?.height, 'the height of the window').toBeGreaterThan(360);
    await page.getByRole('button', { name: 'Draw one' }).click();
    const canvas = page.getByRole('dialog', { name: 'Canvas' });
    const stage = await canvas.getByRole('img', { name: /^The picture, what is sketched/ }).boundingBox();
    expect(stage?.height, 'of the canvas, too').toBeGreaterThan(360);
    await expect(canvas.getByRole('button', { name: 'Done' })).toBeInViewport({ ratio: 1 });
  });
});
