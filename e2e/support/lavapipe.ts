/** For specs that need a GPU with half precision. */
import { test } from '@playwright/test';

/** At the top of a spec: it is skipped where no browser with lavapipe could be made. `npm test` says why. */
export function needsLavapipe(): void {
  test.skip(
    !process.env.GESSO_LAVAPIPE,
    'There is no Chromium with lavapipe: `node tools/lavapipe.mjs` makes one, on Debian with root.',
  );
}

/** What its adapter is called. */
export const LAVAPIPE = /llvmpipe/i;
