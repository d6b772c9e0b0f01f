/** The test that all specs use: fails also on what a person would see only in the console. */
import { expect, test as base, type Page } from '@playwright/test';
import { beginPlain } from '../../tools/lib/plain-form.mjs';

export interface Options {
  /** Console errors a spec provokes on purpose. */
  expectedErrors: RegExp[];
  /** Pictures of the built-in model come enlarged, as with a newcomer: four times the pixels, and half a second each. */
  enlarges: boolean;
}

export const test = base.extend<Options & { quietConsole: void; plainForm: void }>({
  expectedErrors: [[], { option: true }],
  enlarges: [false, { option: true }],
  plainForm: [
    async ({ context, enlarges }, use) => {
      if (!enlarges) await beginPlain(context);
      await use();
    },
    { auto: true },
  ],
  quietConsole: [
    async ({ page, expectedErrors }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
      });
      await use();
      const surprising = errors.filter((text) => !expectedErrors.some((pattern) => pattern.test(text)));
      expect(surprising, 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Not while the page still goes back over the sheets that were closed: the browser would drop one of the two. */
export async function reload(page: Page): Promise<void> {
  const layers = () => page.evaluate(() => (history.state as { layers?: number } | null)?.layers ?? 0);
  await expect.poll(layers, 'sheets in the history').toBe(0);
  await page.reload();
}
