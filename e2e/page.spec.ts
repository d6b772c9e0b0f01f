/** The page itself: first visit, what it keeps, phone, light and dark, and what axe has to say about it. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';

test('the first visit says what can be drawn, and a suggestion needs one more press', async ({ page }) => {
  await page.goto('./');
  await expect(app.textbox(page, 'Prompt')).toBeFocused();
  await expect(page.getByText(/128 by 128 pixels/).first()).toBeVisible();
  await app.button(page, 'a red apple').click();
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a red apple');
  await page.keyboard.press('Enter');
  await expect(app.picture(page)).toBeVisible({ timeout: 0 });
});

test('the card of the model opens from the first visit and from the library', async ({ page }) => {
  await page.goto('./');
  await app.button(page, 'About this model').click();
  const card = page.getByRole('dialog', { name: 'About Gesso starter' });
  await expect(card.getByRole('heading', { name: 'Data and licences' })).toBeVisible();
  await expect(card).toContainText('it cannot make photographs');
  await expect(card.getByRole('img')).toHaveJSProperty('complete', true);
  expect(await card.getByRole('img').evaluate((node: HTMLImageElement) => node.naturalWidth)).toBeGreaterThan(500);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await app.button(page, 'Models').first().click();
  await page.getByRole('button', { name: 'About Gesso starter' }).click();
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Models' })).toBeVisible();
});

test('a prompt that the built-in model cannot draw is told so, and where to go', async ({ page }) => {
  await page.goto('./');
  const settings = app.number(page, 'Steps');
  const before = await settings.boundingBox();
  await app.textbox(page, 'Prompt').fill('a photograph of my aunt');
  const hint = page.getByText('Gesso starter knows nothing of this: it draws');
  await expect(hint).toBeVisible();
  const way = page.getByRole('status', { name: 'What is drawn' }).getByRole('button', { name: /^Get / });
  await expect(way).toBeVisible();
  await expect(page.getByText(/^2\.6 GB, about .* a picture here, a licence to agree to$/)).toBeVisible();
  expect(await settings.boundingBox(), 'nothing jumps').toEqual(before);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'another model' }).click();
  await expect(page.getByRole('dialog', { name: 'Models' })).toBeVisible();
  await page.keyboard.press('Escape');
  await app.textbox(page, 'Prompt').fill('my aunt with a cat');
  await expect(page.getByText('Drawn as: a cat. Left out: aunt.')).toBeVisible();
  await expect(hint).toHaveCount(0);
});

test('asks nothing of any other server', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(baseURL ?? '-')) foreign.push(request.url());
  });
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', steps: 2 });
  await app.generatePicture(page);
  expect(foreign).toEqual([]);
});

test('keeps prompt and settings over a reload', async ({ page }) => {
  await page.goto('./');
  const recipe = {
    prompt: 'a blue car',
    negative: 'red',
    sampler: 'dpmpp_2m',
    schedule: 'karras',
    steps: 12,
    cfg: 5.5,
    seed: 99,
  };
  await app.fillRecipe(page, recipe);
  await page.reload();
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a blue car');
  await expect(app.textbox(page, 'Negative prompt')).toHaveValue('red');
  await expect(app.choice(page, 'Sampler')).toHaveValue('dpmpp_2m');
  await expect(app.choice(page, 'Schedule type')).toHaveValue('karras');
  await expect(app.number(page, 'Steps')).toHaveValue('12');
  await expect(app.number(page, 'CFG scale')).toHaveValue('5.5');
  await expect(app.number(page, 'Seed')).toHaveValue('99');
});

test('tells the seconds of each stage on demand', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', steps: 2 });
  await app.generatePicture(page);
  await page.getByRole('button', { name: /per stage/ }).click();
  for (const stage of ['Reading the prompt', 'Denoising, 2 model calls', 'Developing the picture', 'In all'])
    await expect(page.getByText(stage, { exact: true })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('prompt and Generate are in reach, the settings in a sheet, and nothing scrolls sideways', async ({ page }) => {
    await page.goto('./');
    await app.textbox(page, 'Prompt').fill('a red apple');
    await expect(app.button(page, 'Generate')).toBeInViewport();
    await app.button(page, 'Settings').tap();
    await app.number(page, 'Steps').fill('3');
    await expect(app.textbox(page, 'Negative prompt')).toBeVisible();
    await page.keyboard.press('Escape');
    await app.button(page, 'Generate').tap();
    await expect(app.picture(page)).toBeInViewport({ timeout: 0 });
    expect((await app.readFacts(page)).modelCalls).toBe(3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });

  test('a wrong number opens the sheet where it is', async ({ page }) => {
    await page.goto('./');
    await app.button(page, 'Settings').tap();
    await app.number(page, 'Steps').fill('0');
    await page.keyboard.press('Escape');
    await app.button(page, 'Generate').tap();
    await expect(app.number(page, 'Steps')).toBeFocused();
    await expect(app.number(page, 'Steps')).toHaveAccessibleDescription(/Steps must be from 1 to 150/);
  });
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('axe finds nothing wrong: first visit, while painting, picture, mistake', async ({ page }) => {
      await page.goto('./');
      await expect(page.getByText(/Ready on/)).toBeVisible();
      await expectAccessible(page);

      await app.fillRecipe(page, { prompt: 'a cat', steps: 150 });
      await app.button(page, 'Generate').click();
      await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step \d+ of 150/);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('progressbar')).toHaveCount(0);

      await app.fillRecipe(page, { steps: 2 });
      await app.generatePicture(page);
      await expectAccessible(page);

      await app.fillRecipe(page, { steps: 0 });
      await app.button(page, 'Generate').click();
      await expect(app.complaint(page)).toHaveCount(1);
      await expectAccessible(page);
    });
  });
