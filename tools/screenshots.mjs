/** `npm run screenshots`: the page as it looks, desktop and phone, light and dark, into docs/screenshots/; two of them go into the app. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/paths.mjs';
import { fail, prepare } from './lib/prepare.mjs';

await prepare();
const { openApp } = await import('./lib/open-app.mjs');
const { button, complaint, fillRecipe, generatePicture, number, textbox } = await import('./lib/drive-app.mjs');

/** @typedef {import('@playwright/test').Page} Page */

const FOLDER = join(ROOT, 'docs', 'screenshots');

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

/** Pictures made before the one that is shown, so that the strip has something in it. */
const EARLIER = ['a cat wearing a hat', 'a rocket in space', 'three strawberries', 'a penguin in the snow'];

/** What is done to the page before each picture of it, in this order. @type {Record<string, (page: Page) => Promise<void>>} */
const SCENES = {
  empty: async (page) => {
    await page.getByText(/Ready on/).waitFor({ timeout: 0 });
  },
  busy: async (page) => {
    for (const prompt of EARLIER) {
      await textbox(page, 'Prompt').fill(prompt);
      await generatePicture(page);
    }
    await type(page, { prompt: 'a green apple on a blue background', steps: 150 });
    await button(page, 'Generate').click();
    await page
      .getByText(/Step (3\d|[4-9]\d) of 150/)
      .first()
      .waitFor({ timeout: 0 });
  },
  done: async (page) => {
    await page.keyboard.press('Escape');
    await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: 0 });
    await page.getByRole('status', { name: 'Just done' }).getByRole('button', { name: 'Dismiss' }).click();
    await type(page, { prompt: 'a red apple', seed: 7, steps: 8 });
    await generatePicture(page);
    await page.getByRole('heading', { name: 'Gesso' }).scrollIntoViewIfNeeded();
  },
  library: async (page) => {
    await button(page, 'Models').click();
    await page.getByText(/storage are free/).waitFor();
    await page.waitForTimeout(500);
  },
  gallery: async (page) => {
    await page.keyboard.press('Escape');
    await button(page, 'Gallery').click();
    await page.getByText('5 pictures', { exact: true }).waitFor();
    await page.waitForTimeout(500);
  },
  wrong: async (page) => {
    await page.keyboard.press('Escape');
    await type(page, { steps: 0 });
    await button(page, 'Generate').click();
    // Where the field is in sight, the words stand there, and are only heard here.
    await complaint(page).first().waitFor({ state: 'attached' });
  },
  mask: async (page) => {
    await page.keyboard.press('Escape');
    // On a phone the sheet of settings may be seen while it goes.
    await page.waitForTimeout(500);
    await type(page, { steps: 8 });
    await button(page, 'Start from this picture').first().click();
    if (!(await number(page, 'Steps').isVisible())) await button(page, 'Settings').click();
    await button(page, 'Repaint a part').click();
    await paintStroke(page);
  },
};

mkdirSync(FOLDER, { recursive: true });
for (const [device, context] of Object.entries(DEVICES))
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const { page, close } = await openApp({
      enlarges: true,
      context: { ...context, colorScheme, reducedMotion: 'reduce' },
    }).catch(fail);
    try {
      for (const [scene, set] of Object.entries(SCENES)) {
        await set(page);
        const file = `${device}-${colorScheme}-${scene}.png`;
        await page.screenshot({ path: join(FOLDER, file) });
        console.log(`docs/screenshots/${file}`);
      }
    } finally {
      await close();
    }
  }

/** Types a recipe; on a phone the settings are in a sheet. @param {Page} page @param {import('./lib/drive-app.mjs').Recipe} recipe */
async function type(page, { prompt, ...settings }) {
  if (prompt !== undefined) await textbox(page, 'Prompt').fill(prompt);
  const isInSheet = !(await number(page, 'Steps').isVisible());
  if (isInSheet) await button(page, 'Settings').click();
  await fillRecipe(page, settings);
  if (isInSheet) await page.keyboard.press('Escape');
}

/** Paints a stroke over the upper half of the picture. @param {Page} page */
async function paintStroke(page) {
  const box = await page
    .getByRole('img', { name: 'The picture, what is sketched on it, and what is masked' })
    .boundingBox();
  if (!box) throw new Error('The mask did not open.');
  const at = (/** @type {number} */ across, /** @type {number} */ down) =>
    page.mouse.move(
      box.x + box.width / 2 + (across * box.height) / 2,
      box.y + box.height / 2 + (down * box.height) / 2,
      {
        steps: 6,
      },
    );
  await at(-0.3, -0.1);
  await page.mouse.down();
  for (const [across, down] of [
    [-0.2, -0.4],
    [0.1, -0.5],
    [0.3, -0.2],
  ])
    await at(across, down);
  await page.mouse.up();
  await page.waitForTimeout(300);
}

// for the browser's install dialog
for (const device of Object.keys(DEVICES))
  copyFileSync(join(FOLDER, `${device}-light-done.png`), join(ROOT, 'public', 'screenshots', `${device}.png`));
