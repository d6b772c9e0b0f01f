/** For specs that need a GPU with half precision. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { openParity } from './parity';

/** At the top of a spec: it is skipped where no browser with lavapipe could be made. `npm test` says why. */
export function needsLavapipe(): void {
  test.skip(
    !process.env.GESSO_LAVAPIPE,
    'There is no Chromium with lavapipe: `node tools/lavapipe.mjs` makes one, on Debian with root.',
  );
}

/** What its adapter is called. */
export const LAVAPIPE = /llvmpipe/i;

/** For specs that take many minutes on a software GPU: `GESSO_LONG=1 npm run e2e` runs them, `npm test` does not. */
export function needsTime(): void {
  test.skip(!process.env.GESSO_LONG, 'It takes many minutes: GESSO_LONG=1 runs it.');
}

/** A page with one device, which is lavapipe's: a fallback must not pass. The caller closes the page. */
export async function openOnLavapipe(browser: Browser, url: string, subgroups: boolean): Promise<Page> {
  const { page, device, features } = await openParity(browser, url, { provider: 'webgpu', subgroups });
  expect(device).toMatchObject({ provider: 'webgpu', halfPrecision: true });
  expect(device.adapter).toMatch(LAVAPIPE);
  expect(features.includes('subgroups')).toBe(subgroups);
  expect(features).toContain('shader-f16');
  return page;
}
