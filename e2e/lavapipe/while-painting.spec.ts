/** While WebGPU works hard: steps and a preview are seen, typing goes on, and Cancel answers within a step. */
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { needsLavapipe, needsTime } from '../support/lavapipe';

needsLavapipe();
needsTime();

/** A person notices a tenth of a second; the machine may be busy with the software GPU on every core. */
const TYPING_LIMIT_MS = 1500;

test('shows steps and a preview, lets the prompt be typed, and cancels within a step', async ({ page }) => {
  await page.goto('./?provider=webgpu');
  await app.fillRecipe(page, { prompt: 'a rocket', seed: 1, steps: 30 });
  await app.button(page, 'Generate').click();

  const progress = page.getByRole('progressbar', { name: 'Progress' });
  await expect(progress).toHaveAttribute('aria-valuetext', /Step [12] of 30.* left/, { timeout: 0 });
  await expect(page.getByLabel('Preview')).toBeVisible();
  await expect(app.picture(page)).toBeHidden();

  const prompt = app.textbox(page, 'Prompt');
  await prompt.focus();
  for (const key of 'fast') {
    const start = performance.now();
    await page.keyboard.press(key);
    expect(performance.now() - start, `milliseconds for the key ${key}`).toBeLessThan(TYPING_LIMIT_MS);
  }
  await expect(prompt).toHaveValue(/fast/);

  const secondsOfAStep = await secondsBetweenSteps(progress);
  const start = performance.now();
  await app.button(page, 'Cancel').click();
  await expect(progress).toBeHidden({ timeout: 0 });
  // The step under way is finished, no other is begun; one more for what else the machine does.
  expect((performance.now() - start) / 1000).toBeLessThan(2 * secondsOfAStep + 2);
  await expect(app.complaint(page)).toHaveCount(0);

  await app.fillRecipe(page, { prompt: 'a rocket', steps: 1 });
  expect((await app.generatePicture(page)).modelCalls).toBe(1);
});

async function secondsBetweenSteps(progress: import('@playwright/test').Locator): Promise<number> {
  const step = async () => (await progress.getAttribute('aria-valuetext'))?.match(/Step (\d+)/)?.[1];
  const first = await step();
  await expect.poll(step, { timeout: 0, intervals: [50] }).not.toBe(first);
  const second = await step();
  const start = performance.now();
  await expect.poll(step, { timeout: 0, intervals: [50] }).not.toBe(second);
  return (performance.now() - start) / 1000;
}
