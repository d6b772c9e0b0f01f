/** The engine's worker from outside: to make it fail as browsers and drivers do. */
import { expect, type Page, type Worker } from '@playwright/test';
import * as app from '../../tools/lib/drive-app.mjs';

/** The one that runs now. */
export async function engineWorker(page: Page): Promise<Worker> {
  const find = (): Worker | undefined => page.workers().findLast((worker) => worker.url().includes('engine.worker'));
  await expect.poll(() => find() !== undefined).toBe(true);
  const worker = find();
  if (!worker) throw new Error('The page has no engine.');
  return worker;
}

/** It ends without a word, as where the browser takes its memory away. */
export async function endWorker(page: Page): Promise<void> {
  // The worker answers this no more.
  (await engineWorker(page)).evaluate(() => self.close()).catch(() => undefined);
}

/** It computes and never comes back, as in a driver that hangs; what it had said before has reached the page. */
export async function blockWorker(page: Page): Promise<void> {
  (await engineWorker(page))
    .evaluate(() => {
      for (;;);
    })
    .catch(() => undefined);
  // It hears of it between two steps, and steps said before it may still be on the way.
  let last: string | null | undefined;
  let same = 0;
  await expect
    .poll(
      async () => {
        const text = await progressText(page);
        same = text === last ? same + 1 : 0;
        last = text;
        return same;
      },
      { intervals: [300], timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(5);
}

export const progressText = (page: Page): Promise<string | null> =>
  page.getByRole('progressbar', { name: 'Progress' }).getAttribute('aria-valuetext');

/** Presses Generate and waits until so many steps are done. */
export async function beginPicture(page: Page, recipe: Parameters<typeof app.fillRecipe>[1], step = 3): Promise<void> {
  await app.fillRecipe(page, recipe);
  await app.button(page, 'Generate').click();
  await expect
    .poll(async () => Number(/Step (\d+) of/.exec((await progressText(page)) ?? '')?.[1] ?? 0), {
      timeout: 0,
      intervals: [20], // a quick machine is through all steps within a second
    })
    .toBeGreaterThanOrEqual(step);
}
