/** The test that all specs use: fails also on what a person would see only in the console. */
import { expect, test as base } from '@playwright/test';

export interface Options {
  /** Console errors a spec provokes on purpose. */
  expectedErrors: RegExp[];
}

export const test = base.extend<Options & { quietConsole: void }>({
  expectedErrors: [[], { option: true }],
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
