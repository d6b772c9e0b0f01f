/** What axe has to say about the page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from '@playwright/test';
import { expect } from './app';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * WCAG A and AA; run in the page, which lets no foreign script in by itself. Seen from the top of what scrolls: what lies half behind a
 * bar that stays is no smaller for that.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE);
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('*')) if (element.scrollTop > 0) element.scrollTop = 0;
  });
  const options: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
  const { violations } = await page.evaluate(
    (given) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  const found = violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    where: nodes.map((node) => node.target.join(' ')),
  }));
  expect(found).toEqual([]);
}
