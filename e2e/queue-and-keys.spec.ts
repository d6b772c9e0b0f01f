/** Asking again while a picture is made, and doing everything from the keyboard. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';

/** Long enough on the CPU to be watched and stopped. */
const LONG = { prompt: 'a rocket', seed: 1, steps: 150 };

test('a second Generate waits visibly and is made afterwards', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat', seed: 1, steps: 40 });
  await app.button(page, 'Generate').click();
  await app.fillRecipe(page, { prompt: 'a red apple', seed: 7, steps: 4 });
  await app.button(page, 'Generate').click();
  await expect(page.getByText('1 waiting')).toBeVisible();
  await expect(app.facts(page)).toContainText('Seed 7', { timeout: 0 });
  await expect(page.getByText('1 waiting')).toBeHidden();
  await expect(page.getByRole('list', { name: 'Newest pictures' }).getByRole('button')).toHaveCount(2);
});

test('waiting pictures can be forgotten, and too many are refused', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, LONG);
  await app.button(page, 'Generate').evaluate((node) => {
    for (let i = 0; i < 102; i += 1) (node as HTMLButtonElement).click();
  });
  await expect(page.getByText('100 waiting')).toBeVisible();
  await expect(app.complaint(page)).toContainText('100 requests are waiting already');
  await app.button(page, 'Forget the waiting ones').click();
  await expect(page.getByText(/waiting/)).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(page.getByText('100 waiting')).toBeVisible();
  await app.button(page, 'Forget the waiting ones').click();
  await expect(page.getByText('100 pictures forgotten.')).toBeVisible();
  await app.button(page, 'Cancel').click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(app.picture(page)).toHaveCount(0);
});

test('Ctrl+Enter generates from the prompt, Esc outside of it cancels, and the app is ready again', async ({
  page,
}) => {
  await page.goto('./');
  await app.fillRecipe(page, LONG);
  const progress = page.getByRole('progressbar', { name: 'Progress' });
  await app.textbox(page, 'Prompt').press('Control+Enter');
  await expect(progress).toHaveAttribute('aria-valuetext', /Step \d+ of 150/);
  await expect(app.textbox(page, 'Prompt'), 'no line break was typed').toHaveValue('a rocket');
  await app.textbox(page, 'Prompt').press('Escape');
  await expect(page.getByRole('button', { name: 'Cancel' }), 'whoever types does not mean the picture').toBeEnabled();
  await app.button(page, 'Generate').focus();
  await page.keyboard.press('Escape');
  await expect(progress).toHaveCount(0);
  await expect(app.picture(page)).toHaveCount(0);
  await expect(app.complaint(page)).toHaveCount(0);
  await app.fillRecipe(page, { steps: 2 });
  expect((await app.generatePicture(page)).modelCalls).toBe(2);
});

test('shows steps, time left and a growing preview', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, LONG);
  await app.button(page, 'Generate').click();
  const progress = page.getByRole('progressbar', { name: 'Progress' });
  await expect(progress).toHaveAttribute('aria-valuetext', /Step \d+ of 150, .* left/);
  const preview = page.getByRole('img', { name: 'Preview' });
  const look = () => preview.locator('canvas').evaluate((node) => (node as HTMLCanvasElement).toDataURL());
  const before = await look();
  await expect.poll(look).not.toBe(before);
  const percent = async () => Number(await progress.getAttribute('aria-valuenow'));
  const early = await percent();
  await expect.poll(percent).toBeGreaterThan(early);
  await app.button(page, 'Cancel').click();
});

test('typing goes on while a picture is made', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, LONG);
  await app.button(page, 'Generate').click();
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /Step \d+ of 150/);
  const prompt = app.textbox(page, 'Prompt');
  await prompt.fill('');
  // From the key to the frame that shows it, as the page itself measures it.
  await prompt.evaluate((node) => {
    const delays: number[] = [];
    node.addEventListener('input', (event) => {
      requestAnimationFrame(() => setTimeout(() => delays.push(performance.now() - event.timeStamp)));
    });
    Object.assign(window, { delays });
  });
  await prompt.pressSequentially('a quick brown fox', { delay: 30 });
  await expect(prompt).toHaveValue('a quick brown fox');
  await expect(page.getByRole('progressbar'), 'still painting').toBeVisible();
  const delays = await page.evaluate(() => (window as unknown as { delays: number[] }).delays);
  expect(delays.length).toBe(17);
  // A page that did the painting itself would stand still for a step or longer; busy test machines need the room.
  expect(delays.toSorted((a, b) => a - b)[8], 'median milliseconds').toBeLessThan(250);
  await app.button(page, 'Cancel').click();
});

test('everything can be reached by Tab, in the order it is read', async ({ page }) => {
  await page.goto('./');
  await app.textbox(page, 'Prompt').focus();
  const reached: string[] = [];
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.id ?? ''));
  }
  const controls = ['field-negative', 'generate', 'field-width', 'field-height', 'field-sampler', 'field-schedule'];
  expect(reached.filter((id) => controls.includes(id))).toEqual(controls);
});

test('the line survives a reload, and goes on only when asked', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { ...LONG, prompt: 'a car' });
  await app.button(page, 'Generate').click();
  await app.fillRecipe(page, { prompt: 'a cat', seed: 40, steps: 2 });
  await app.number(page, 'Batch count').fill('3');
  await app.button(page, 'Generate').click();
  await expect(page.getByText('3 waiting')).toBeVisible();
  await page.reload();
  await expect(page.getByText('4 waiting, held')).toBeVisible();
  await expect(page.getByText(/Ready on/)).toBeVisible();
  await expect(page.getByRole('progressbar'), 'nothing begins by itself').toHaveCount(0);

  await page.getByText('4 waiting, held').click();
  const queue = page.getByRole('list', { name: 'Queue' });
  await expect(queue.getByRole('listitem')).toHaveCount(2);
  await expectAccessible(page);
  await app.button(page, 'Remove: a car').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: 'Newest pictures' }).locator('img')).toHaveCount(3);
  await expect(app.facts(page)).toContainText('Seed 42');
  await page.reload();
  await expect(page.getByText(/Ready on/)).toBeVisible();
  await expect(page.getByText(/waiting/)).toHaveCount(0);
});
